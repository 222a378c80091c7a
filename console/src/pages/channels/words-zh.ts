// Chinese words for each member of an account of the kinds of channels that ship: what it is called and what it is for.
// A kind of somebody else speaks for itself, in the words of its schema.

type MemberWords = readonly [name: string, hint: string];

const withoutTls: MemberWords = ['允许不加密', '也可用 tcp:// 和 http:// 连接其他机器：途中任何人都能读到密码和内容，并能篡改。'];
const textLength: MemberWords = ['单条长度', '回答每一段最多多少个字符。'];

/** Kind -> member. */
export const membersZh: Readonly<Record<string, Readonly<Record<string, MemberWords>>>> = {
  telegram: {
    token: ['机器人令牌', '@BotFather 为机器人给出的令牌。'],
    webhookUrl: ['Webhook 地址', '指向 /hooks/telegram/<账号> 的公网 https 地址，由 Telegram 推送消息。不填：由 CoPaw 主动拉取。'],
    webhookSecret: ['Webhook 密钥', '与“Webhook 地址”一起填写：16 到 256 个字母、数字、“_”或“-”，CoPaw 凭它认出 Telegram。'],
    apiUrl: ['Bot API 地址', '自建 Bot API 服务器时填写。'],
  },
  discord: {
    token: ['机器人令牌', '在 discord.com/developers/applications 上，应用的“Bot”页面中获取。'],
    menu: ['命令菜单', '在 Discord 客户端输入“/”时列出 CoPaw 的命令。会取代同一应用的其他命令。'],
    api: ['API 地址', 'Discord HTTP API 的另一地址；文件和网关也须在同一主机上。'],
  },
  slack: {
    botToken: ['机器人令牌', '形如“xoxb-…”，在 api.slack.com/apps 的“OAuth & Permissions”页面获取。'],
    appToken: ['应用级令牌', '形如“xapp-…”，带 connections:write 权限：事件经 Socket Mode 到达。'],
    signingSecret: ['签名密钥', '“Basic Information”页面上的 Signing Secret：事件经 HTTP 发到 /hooks/slack/<账号>。'],
    api: ['API 地址', 'Slack Web API 的另一地址；文件和 WebSocket 也须在同一主机上。'],
  },
  mattermost: {
    url: ['服务器地址', '与在浏览器中打开的地址相同。'],
    token: ['访问令牌', '机器人账号的访问令牌。'],
    webhookUrl: ['按钮回调地址', '服务器能访问到的 /hooks/mattermost/<账号> 地址；填写后回答可带按钮。'],
    webhookSecret: ['按钮密钥', '与“按钮回调地址”一起填写：至少 16 个字符，不告诉任何人，用来为按钮签名。'],
  },
  matrix: {
    homeserver: ['主服务器', '账号所在的主服务器地址，例如 https://matrix.example.org。'],
    accessToken: ['访问令牌', '账号的访问令牌，请用单独的一次登录取得。'],
    invitesFrom: ['接受谁的邀请', '这些 Matrix ID 发来的邀请会被接受，例如 @ana:example.org。空：谁的都不接受。'],
  },
  feishu: {
    appId: ['应用凭证 App ID', '企业自建应用的 App ID，例如 cli_a10fbf7e738d100e。'],
    appSecret: ['应用凭证 App Secret', '与 App ID 同在“凭证与基础信息”页面。'],
    domain: ['开放平台地址', '飞书为 https://open.feishu.cn，Lark 为 https://open.larksuite.com。'],
  },
  dingtalk: {
    clientId: ['应用凭证 Client ID', '企业内部应用的 Client ID（原 AppKey），例如 dingk3x8vq2example。'],
    clientSecret: ['应用凭证 Client Secret', '该应用的 Client Secret（原 AppSecret）。'],
    robotCode: ['机器人编码', '即 robotCode；与 Client ID 不同时填写。'],
    cardTemplate: ['AI 卡片模板 ID', '填写后，回答在卡片中边生成边显示。平台自带的模板：382e4302-551d-4880-bf29-a30acfab2e71.schema。'],
    cardVariable: ['卡片变量', '模板中承载正文的变量名。'],
    api: ['开放平台地址', '钉钉开放平台的 API 地址。'],
  },
  irc: {
    url: ['服务器地址', 'tls://主机:6697；本机上也可用不加密的 tcp://主机:6667。'],
    nick: ['昵称', 'CoPaw 在那里的昵称。'],
    user: ['服务账号', '在网络服务（services）中注册的账号；与昵称不同时填写。'],
    password: ['账号密码', '服务账号的密码（SASL PLAIN）。'],
    serverPassword: ['服务器密码', '服务器本身要求密码时填写。'],
    join: ['加入的频道', 'CoPaw 常驻的频道。'],
    lineMs: ['发送间隔', '连发五行之后，每行之间的毫秒数。更快会被多数服务器踢出。'],
    dangerouslyTrustNicks: ['信任昵称', '仅凭昵称认人。在多数网络上，任何人都能用任何昵称。'],
    dangerouslyWithoutTls: withoutTls,
  },
  email: {
    address: ['邮箱地址', 'CoPaw 自己的地址，例如 copaw@example.org。'],
    user: ['登录名', '与邮箱地址不同时填写。'],
    password: ['邮箱密码', '邮箱的密码；邮箱提供授权码（应用专用密码）时，请填授权码。'],
    imap: ['收件服务器 (IMAP)', '例如 tls://mail.example.org:993。'],
    smtp: ['发件服务器 (SMTP)', '例如 tls://mail.example.org:465；或 tcp://mail.example.org:587，问候之后即转为 TLS。'],
    authserv: ['认证服务器名', '您在该邮箱收到的邮件中，第一个 Authentication-Results 开头的名称：由谁验证了发件人。'],
    name: ['显示名', '与地址一同显示的名称。'],
    mailbox: ['邮件文件夹', '监看哪个文件夹。'],
    keepsSent: ['服务器自存已发邮件', '服务器会自行保存所发的邮件，例如 Gmail。'],
    dangerouslyTrustFrom: ['不验证发件人', '不经验证就相信发件人：仅用于不收外来邮件的服务器。'],
  },
  xmpp: {
    jid: ['账号 (JID)', 'CoPaw 的账号地址：name@example.org。'],
    password: ['账号密码', '该账号的密码。'],
    server: ['服务器地址', '以 TLS 提供 XMPP 的地址。不填：账号域名的 5223 端口。'],
    rooms: ['加入的聊天室', 'CoPaw 所在的聊天室。其中谁的消息会被受理，由设置页的“群组”决定。'],
    nick: ['昵称', 'CoPaw 在聊天室中的昵称。'],
    fileOrigins: ['文件服务器', '上传和下载文件的地址，例如 https://upload.example.org。'],
    dangerouslyWithoutTls: withoutTls,
  },
  mqtt: {
    url: ['服务器地址', 'tls://主机:8883；本机上也可用不加密的 tcp://主机:1883。'],
    user: ['用户名', '在 MQTT 服务器（broker）上的用户。'],
    password: ['密码', 'MQTT 用户的密码。'],
    clientId: ['客户端 ID', '在服务器上的会话名称，每个 CoPaw 各用一个。不填：copaw- 加账号名称。'],
    subscribe: ['订阅主题', '消息从这里来。最后一个 + 处是发送者的 ID：服务器不可让其他人向那里发布。'],
    publish: ['发布主题', '回答发到这里；{chat} 代表发送者的 ID。'],
    status: ['状态主题', '在此保留“online”或“offline”，CoPaw 断开后由服务器写入后者。空：不写。'],
    format: ['回答格式', 'JSON：含 id、text、thread 和 files；纯文本：只有文字。'],
    textLength,
    dangerouslyWithoutTls: withoutTls,
  },
  webhook: {
    secret: ['签名密钥', '为往来的消息签名：至少 16 个字符，双方相同。'],
    url: ['回调地址', '回答会发到（POST）这里。'],
    textLength,
  },
};

/** What one of a few is called; what is not here stands for itself. */
export const choicesZh: Readonly<Record<string, string>> = { json: 'JSON', text: '纯文本' };
