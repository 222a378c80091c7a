// Words of the page about CoPaw itself.
import { useWords } from '../../settings.tsx';

const en = {
  text: 'Which CoPaw this is, where its data is, and what it is made of.',
  version: 'Version',
  commit: 'Commit',
  unknown: 'not known',
  system: 'System',
  home: 'Data directory',
  running: 'Running since',
  memory: 'Memory in use',
  database: 'Database',
  free: (size: string) => `${size} free on its disk`,
  report: 'Report a problem of security',
  reportText:
    'A report that is begun for you. In it are version, commit, system, Node version, how CoPaw runs, and the state of the sandbox. Not in it: conversations, memory, settings, names and values of secrets; paths of your home are replaced. Read it, write the rest into it, and send it privately.',
  make: 'Make the report',
  making: 'Making it…',
  download: 'Download',
  missing: (fields: string) => `Still to be written: ${fields}`,
  reportName: 'The report',
  licences: 'Licences',
  licencesText: 'Packages that are part of CoPaw and of this console, each with its licence.',
  noLicences: 'This CoPaw was not built into files of its own: its packages lie in node_modules, each with its licence.',
};

const zh: typeof en = {
  text: '这是哪个 CoPaw、数据在哪里、由什么组成。',
  version: '版本',
  commit: '提交',
  unknown: '未知',
  system: '系统',
  home: '数据目录',
  running: '运行自',
  memory: '占用内存',
  database: '数据库',
  free: (size) => `所在磁盘剩余 ${size}`,
  report: '报告安全问题',
  reportText:
    '已为您起草的报告。其中有：版本、提交、系统、Node 版本、CoPaw 的运行方式和沙箱状态。其中没有：会话、记忆、设置、密钥的名称和值；您主目录的路径会被替换。请先阅读，补充其余部分，再私下发送。',
  make: '生成报告',
  making: '正在生成…',
  download: '下载',
  missing: (fields) => `还需填写：${fields}`,
  reportName: '报告',
  licences: '许可证',
  licencesText: '属于 CoPaw 和本控制台的软件包及其许可证。',
  noLicences: '这个 CoPaw 没有构建成自己的文件：软件包在 node_modules 中，各自带有许可证。',
};

export const useAboutText = (): typeof en => useWords({ en, zh });
