// Words of the page about skills.
import { useWords } from '../../settings.tsx';
import { findingsZh } from './finding-words.ts';

const en = {
  text: 'Skills say how something is done. An enabled skill has the same trust as code you run yourself: read it before you enable it.',
  none: 'No skill is installed.',
  states: {
    enabled: 'enabled',
    disabled: 'not enabled',
    drifted: 'changed since',
    invalid: 'cannot be used',
    missing: 'its files are gone',
    unlisted: 'nobody installed it',
  },
  reasons: {
    drifted: 'Its files are not the ones that were reviewed. Look at them, then enable it again, or install it again.',
    missing: 'Its folder is gone. Install it again, or remove it.',
    unlisted: 'Somebody put its folder there by hand: it is never loaded. Install it from where it came, or remove it.',
  },
  from: 'Came from',
  kinds: { directory: 'folder', zip: 'zip', tar: 'tar', 'tar.gz': 'tar.gz' },
  hash: 'Hash',
  installed: 'Installed',
  findings: 'What a scan found',
  noFindings: 'The scan found nothing. It cannot tell a good skill from a bad one: read SKILL.md and the scripts.',
  severities: { high: 'high', medium: 'medium', low: 'low' },
  /** What it is; the scan's own words where there are none. */
  detail: (_id: string, said: string) => said,
  place: (path: string, line: number) => (line === 0 ? path : `${path}, line ${line}`),
  enable: 'Enable',
  enableSure: 'Yes, I have read it: enable it',
  disable: 'Disable',
  remove: 'Remove',
  removed: (name: string) => `${name} is in the trash.`,
  undo: 'Bring it back',
  install: 'Install',
  installText: 'A folder with SKILL.md, or a .zip, .tar or .tar.gz of one, on the machine that CoPaw runs on. Installing does not enable it.',
  path: 'Path',
  pathHint: 'Absolute, for example /home/ana/weather',
  taken: 'There is a skill of that name. Putting this in its place moves it to the trash.',
  replace: 'Put it in its place',
  done: (name: string) => `${name} is installed and not enabled. Read what was found.`,
};

const zh: typeof en = {
  text: '技能说明某件事怎么做。启用的技能与您自己运行的代码同样受信任：请先阅读再启用。',
  none: '尚未安装技能。',
  states: { enabled: '已启用', disabled: '未启用', drifted: '已被改动', invalid: '无法使用', missing: '文件已丢失', unlisted: '未经安装' },
  reasons: {
    drifted: '其文件与审阅过的不同。请查看后重新启用，或重新安装。',
    missing: '其文件夹已不在。请重新安装或移除。',
    unlisted: '有人手动放入了此文件夹：它不会被加载。请从来源处安装，或移除。',
  },
  from: '来源',
  kinds: { directory: '文件夹', zip: 'zip', tar: 'tar', 'tar.gz': 'tar.gz' },
  hash: '哈希',
  installed: '安装时间',
  findings: '扫描发现',
  noFindings: '扫描没有发现问题。它无法分辨技能好坏：请阅读 SKILL.md 和脚本。',
  severities: { high: '高', medium: '中', low: '低' },
  detail: (id, said) => (Object.hasOwn(findingsZh, id) ? (findingsZh[id] ?? said) : said),
  place: (path, line) => (line === 0 ? path : `${path}，第 ${line} 行`),
  enable: '启用',
  enableSure: '是，我已阅读：启用',
  disable: '停用',
  remove: '移除',
  removed: (name) => `${name} 已在回收站中。`,
  undo: '恢复',
  install: '安装',
  installText: 'CoPaw 所在机器上含 SKILL.md 的文件夹，或其 .zip、.tar、.tar.gz。安装不会启用它。',
  path: '路径',
  pathHint: '绝对路径，例如 /home/ana/weather',
  taken: '已有同名技能。用此技能取代它会将其移到回收站。',
  replace: '取代它',
  done: (name) => `${name} 已安装，未启用。请阅读扫描发现。`,
};

export const useSkillsText = (): typeof en => useWords({ en, zh });
