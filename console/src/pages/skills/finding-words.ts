// What the scan of a skill found, in Chinese, by the id of the finding; in English the scan says it itself.

export const findingsZh: Readonly<Record<string, string>> = {
  'hidden-text': '含有看不见的字符，或会颠倒阅读顺序的字符。',
  'pipe-to-shell': '未经查看就运行下载的内容。',
  'runs-encoded': '运行经过编码、无人能读的内容。',
  'installs-packages': '安装软件。',
  'reads-secrets': '提到存放凭证的位置。',
  'reads-environment': '读取设置文件或全部环境变量；密钥常在其中。',
  'sends-to-collector': '提到接收任何人数据的服务。',
  'sends-data': '通过网络发送数据。',
  'uses-network': '访问网络。',
  'asks-to-hide': '要求对用户隐瞒。',
  'asks-to-ignore-rules': '要求不理会规则、批准或沙箱。',
  'asks-to-send': '要求把私人数据发往别处。',
  'encoded-blob': '很长一段无人能读的编码数据。',
  'long-line': '有一行过长。',
  'executable-file': '机器码程序；无人能审阅。',
  'nested-archive': '压缩包或办公文档；没有查看其中内容。',
  'binary-file': '不是文本；没有查看其内容。',
  'not-scanned': '文件太大，只查看了开头部分。',
};
