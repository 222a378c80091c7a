// What the rows and verdicts of the table of permissions are called, in Chinese.

export const effects = {
  read: '读取工作区文件',
  write: '写入工作区文件',
  delete: '把文件移到回收站',
  run: '在沙箱中运行命令，无网络',
  'run-network': '运行有网络或沙箱外的命令',
  'run-listed-network': '运行只能访问所列主机的命令',
  'fetch-seen': '获取提到过的网址',
  'fetch-known': '从已知主机获取',
  'fetch-composed': '获取没人提过的网址',
  secret: '使用密钥',
  opaque: '做 CoPaw 看不透的事',
  'send-here': '发到同一会话',
  'send-elsewhere': '发往别处、上传',
  reminder: '设置提醒',
  schedule: '新建或修改定时任务',
  agent: '启动子智能体',
  'memory-read': '读取私人记忆',
  'memory-write': '写入私人记忆',
};

export const verdicts = { allow: '允许', ask: '询问', deny: '拒绝' };
