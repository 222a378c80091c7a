// Why a question is asked and what it warns of, in Chinese.

const reasons: Readonly<Record<string, string>> = {
  'makes the same call again and again': '一再重复同样的调用',
  'is to be asked about, by a rule in config.json': '按 config.json 中的规则须先询问',
  'reads files of the workspace': '要读取工作区的文件',
  'writes files of the workspace': '要写入工作区的文件',
  'moves files to the trash': '要把文件移到回收站',
  'runs a command in the sandbox, without network': '要在沙箱中运行命令，没有网络',
  'runs a command with network access or outside a sandbox': '要运行可访问网络或在沙箱之外的命令',
  'runs a command in the sandbox that reaches the listed hosts alone': '要在沙箱中运行只能访问所列主机的命令',
  'fetches an address that was named in the conversation': '要获取会话中提到过的网址',
  'fetches a page from a known host': '要从已知主机获取网页',
  'fetches an address that nobody named': '要获取没有人提到过的网址',
  'uses a secret': '要使用密钥',
  'does something CoPaw cannot look into': '要做 CoPaw 无法查看的事',
  'sends into this conversation': '要发送到这个会话',
  'sends something elsewhere': '要向别处发送内容',
  'sets a reminder': '要设置提醒',
  'makes or changes a schedule': '要新建或修改定时任务',
  'starts a sub-agent': '要启动子智能体',
  'reads private memory': '要读取私人记忆',
  'writes private memory': '要写入私人记忆',
};

/** The tool is named with the first reason alone. */
export const asks: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(reasons).flatMap(([english, chinese]) => ['', '{} '].map((tool) => [`${tool}${english}.`, `${tool}${chinese}。`]))),
  'It can reach these hosts, and nothing else: {}.': '它只能访问这些主机：{}。',
  'It can reach these hosts, and nothing else: none.': '它不能访问任何主机。',
  'It holds characters that cannot be seen; they are shown as \\u{…}.': '其中含有看不见的字符，显示为 \\u{…}。',
  'It runs outside a sandbox, with the rights of the user CoPaw runs as.': '它在沙箱之外运行，拥有 CoPaw 所用系统用户的权限。',
  'It can reach the network.': '它可以访问网络。',
  'It gets a secret and can reach the network: it could send the secret anywhere it reaches.':
    '它会得到密钥，又可以访问网络：它可能把密钥发送到它能到达的任何地方。',
};
