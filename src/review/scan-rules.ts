// What the artifact scan looks for in text, as data. Every gap is bounded, so that no text can make a pattern slow.
import type { FindingSeverity } from '../core/skill.ts';

export interface TextRule {
  readonly id: string;
  readonly severity: FindingSeverity;
  readonly detail: string;
  readonly patterns: readonly RegExp[];
}

export const textRules: readonly TextRule[] = [
  {
    id: 'hidden-text',
    severity: 'high',
    detail: 'Characters a person cannot see, or that turn the reading order round.',
    patterns: [
      /[\u202a-\u202e\u2066-\u2069\u200b\u2060-\u2064\u180e\ufeff\u{e0000}-\u{e007f}]/u,
      // Joiners belong into emoji and some scripts, not between these letters.
      /[\p{Script=Latin}\p{Script=Han}\p{Nd}][\u200c\u200d]/u,
      /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{2}/u,
    ],
  },
  {
    id: 'pipe-to-shell',
    severity: 'high',
    detail: 'Runs what it downloads, unseen.',
    patterns: [
      /\b(?:curl|wget|iwr|irm|invoke-webrequest)\b[^|\n]{0,200}\|\s{0,9}(?:sudo\s{1,9})?(?:env\s{1,9})?(?:(?:ba|z|da|k)?sh|python3?|node|perl|ruby|iex|invoke-expression)\b/iu,
      /\b(?:(?:ba|z|da|k)?sh|python3?|node|perl|ruby|eval|source)\b[^\n]{0,40}(?:<\(|\$\(|`)\s{0,9}(?:curl|wget)\b/iu,
    ],
  },
  {
    id: 'runs-encoded',
    severity: 'high',
    detail: 'Runs something that is written in code, so that nobody reads it.',
    patterns: [
      /\bbase64\s{1,9}(?:-d|-D|--decode)\b[^\n]{0,100}\|\s{0,9}(?:(?:ba|z|da|k)?sh|python3?|node|perl)\b/iu,
      /\b(?:eval|exec)\s{0,9}\(\s{0,9}(?:atob|base64|bytes\.fromhex|zlib|marshal|codecs|buffer\.from|compile\s{0,9}\(\s{0,9}base64)\b/iu,
      /\bpowershell(?:\.exe)?\b[^\n]{0,100}\s-e(?:nc|ncodedcommand)?\s/iu,
    ],
  },
  {
    id: 'installs-packages',
    severity: 'medium',
    detail: 'Installs software.',
    patterns: [
      /\b(?:pip3?|pipx|uv\s{1,9}pip|conda|brew|cargo|gem|go|apt|apt-get|dnf|yum|apk|choco|winget|npm|pnpm|bun)\s{1,9}(?:-\S{1,40}\s{1,9}){0,3}(?:install|add|i)\s/iu,
      /\b(?:yarn\s{1,9}(?:global\s{1,9})?add|npx|uvx|bunx|pnpm\s{1,9}dlx)\s/iu,
    ],
  },
  {
    id: 'reads-secrets',
    severity: 'high',
    detail: 'Names a place where credentials are kept.',
    patterns: [
      /(?:~|\$HOME|\$\{HOME\}|%USERPROFILE%|\/root|home\(\))["'`]?[\s,/\\"'`]{1,9}\.(?:ssh|aws|gnupg|kube|netrc|npmrc|pypirc|docker|config[/\\]gcloud|git-credentials|copaw)\b/iu,
      /\bid_(?:rsa|ed25519|ecdsa)\b|\.aws\/credentials|\.git-credentials\b|\/etc\/shadow\b|\bwallet\.dat\b|copaw\.secret\b/iu,
      /\bsecurity\s{1,9}(?:find|dump)-(?:generic-password|internet-password|keychain)|\bsecret-tool\s{1,9}(?:lookup|search)|\bkeyring\.get_password|\bLogin Data\b/iu,
      /(?:读取|获取|收集|查看|打开|窃取)[^。！？\n]{0,20}(?:私钥|钥匙串|助记词|浏览器密码|登录凭证|密钥文件)/u,
    ],
  },
  {
    id: 'reads-environment',
    severity: 'medium',
    detail: 'Reads a file of settings, or all of the environment; keys are often there.',
    patterns: [
      /(?:^|[\s"'`/(=<])\.env(?:\.(?:local|production|development))?(?=$|[\s"'`),;:|>])/iu,
      /\bprintenv\b|\/proc\/(?:self|\d{1,9})\/environ\b|\bjson\.dumps\(\s{0,9}(?:dict\()?os\.environ|\bJSON\.stringify\(\s{0,9}process\.env\b/iu,
    ],
  },
  {
    id: 'sends-to-collector',
    severity: 'high',
    detail: 'Names a service that takes data from anybody.',
    patterns: [
      /\b(?:webhook\.site|requestbin\.\w{2,9}|pipedream\.net|ngrok(?:-free)?\.(?:io|app|dev)|transfer\.sh|pastebin\.com\/api|hooks\.slack\.com\/services|discord(?:app)?\.com\/api\/webhooks|api\.telegram\.org\/bot|oast\.\w{2,9}|interact\.sh|burpcollaborator\.net)/iu,
      /\/dev\/(?:tcp|udp)\/|\bnc(?:at)?\s{1,9}(?:-\S{1,9}\s{1,9}){0,4}[\w.-]{1,100}\s{1,9}\d{2,5}\b/iu,
    ],
  },
  {
    id: 'sends-data',
    severity: 'medium',
    detail: 'Sends data over the network.',
    patterns: [
      /\bcurl\b[^\n]{0,200}\s(?:-d|-F|-T|--data[\w-]{0,20}|--form|--upload-file|--json|-X\s{0,9}(?:POST|PUT|PATCH))\b/iu,
      /\b(?:requests|httpx|session|axios|client)\.(?:post|put|patch)\s{0,9}\(|\bmethod\s{0,9}[:=]\s{0,9}["'](?:POST|PUT|PATCH)["']|\bsmtplib\b|\burlopen\([^\n]{0,200}data\s{0,9}=/iu,
    ],
  },
  {
    id: 'uses-network',
    severity: 'low',
    detail: 'Reaches the network.',
    patterns: [
      /\b(?:curl|wget)\s{1,9}\S|\b(?:requests|httpx|axios)\.(?:get|request)\s{0,9}\(|\burllib\.request\b|\bfetch\s{0,9}\(\s{0,9}["'`]https?:|\bsocket\.socket\(/iu,
    ],
  },
  {
    id: 'asks-to-hide',
    severity: 'high',
    detail: 'Asks to keep something from the user.',
    patterns: [
      /\b(?:do\s{1,9}not|don['’]?t|never|must\s{1,9}not|should\s{1,9}not|avoid)\s{1,9}(?:ever\s{1,9})?(?:tell|telling|inform|informing|mention|mentioning|reveal|revealing|disclose|disclosing|notify|notifying|show|showing|report|alert|alerting)\b[^.!?\n]{0,60}\b(?:user|users|operator|human|owner|person|anyone|anybody|them)\b/iu,
      /\bwithout\s{1,9}(?:telling|informing|notifying|alerting|asking)\s{1,9}(?:the\s{1,9})?(?:user|operator|human|owner|them|anyone)\b|\bwithout\s{1,9}the\s{1,9}(?:user|operator|owner)['’]?s?\s{1,9}(?:knowledge|consent|knowing|noticing)\b/iu,
      /\b(?:hide|conceal|keep)\b[^.!?\n]{0,40}\b(?:secret\s{1,9})?from\s{1,9}(?:the\s{1,9})?(?:user|operator|human|owner)\b/iu,
      /(?:不要|别|不得|切勿|禁止|不能|不可|无需|不必)[^。！？\n]{0,10}(?:告诉|告知|通知|提及|提到|透露|让|向|展示|显示)[^。！？\n]{0,15}(?:用户|使用者|操作者|操作员|主人|任何人|对方)/u,
      /(?:瞒着|隐瞒|背着)[^。！？\n]{0,6}(?:用户|使用者|操作者|主人)|对(?:用户|使用者|操作者|主人)(?:保密|隐瞒)|(?:悄悄|偷偷|暗中|静默)地?(?:发送|上传|执行|运行|传输|收集|安装)/u,
    ],
  },
  {
    id: 'asks-to-ignore-rules',
    severity: 'high',
    detail: 'Asks to leave rules, approvals or the sandbox aside.',
    patterns: [
      /\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{0,30}\b(?:previous|prior|above|earlier|preceding|system|safety|security|all|your|other|any)\b[^.!?\n]{0,30}\b(?:instructions?|rules?|prompts?|guidelines?|polic(?:y|ies)|restrictions?|messages?)\b/iu,
      /\b(?:bypass|disable|circumvent|evade|skip)\b[^.!?\n]{0,30}\b(?:approvals?|sandbox|safety|confirmations?|permission\s{1,9}checks?|gate)\b/iu,
      /\byou\s{1,9}are\s{1,9}now\s{1,9}(?:in\s{1,9})?(?:developer|god|admin|root|unrestricted|dan)\b/iu,
      /(?:忽略|无视|忘记|不理会|覆盖)[^。！？\n]{0,10}(?:之前|以上|上述|先前|前面|所有|系统|安全|其他|你的)[^。！？\n]{0,10}(?:指令|指示|规则|提示|说明|要求|限制|设定)/u,
      /(?:绕过|跳过|规避|关闭|禁用)[^。！？\n]{0,8}(?:审批|批准|确认|沙箱|沙盒|安全|权限|限制)/u,
    ],
  },
  {
    id: 'asks-to-send',
    severity: 'high',
    detail: 'Asks to send private data elsewhere.',
    patterns: [
      /\b(?:send|upload|post|forward|exfiltrate|e-?mail|transmit|leak|submit)\b[^.!?\n]{0,60}\b(?:conversations?|chat\s{1,9}(?:history|logs?)|transcripts?|api\s{0,3}keys?|passwords?|credentials?|secrets?|private\s{1,9}keys?|memor(?:y|ies)|environment\s{1,9}variables?|access\s{1,9}tokens?|contacts?|cookies)\b[^.!?\n]{0,60}\bto\b/iu,
      /(?:发送|上传|转发|传送|提交|外传|发给|发到|传到|泄露)[^。！？\n]{0,20}(?:密码|密钥|凭证|凭据|令牌|聊天记录|对话记录|隐私|环境变量|记忆|通讯录|私钥)/u,
      /(?:把|将)[^。！？\n]{0,20}(?:密码|密钥|凭证|凭据|令牌|聊天记录|对话|隐私|环境变量|记忆|通讯录|私钥)[^。！？\n]{0,15}(?:发送|上传|转发|传送|提交|外传|发给|发到|传到)/u,
    ],
  },
  {
    id: 'encoded-blob',
    severity: 'medium',
    detail: 'A long run of encoded data that nobody can read.',
    patterns: [/(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/=_-]{400}/u],
  },
];
