// What the offline model says of itself, in the language it was asked in. Data.

interface OfflineWords {
  readonly noModel: string;
  readonly help: string;
  readonly connect: string;
  readonly nothing: string;
  readonly missing: (tool: string) => string;
}

export const offlineWords: Readonly<Record<'en' | 'zh', OfflineWords>> = {
  en: {
    noModel: 'No language model is connected, so I did not understand that. I only follow a few fixed phrases.',
    help: [
      'Without a language model I can:',
      '- remember: "remember that I like tea", "what do you know about tea"',
      '- remind: "remind me in 5 minutes to stretch", "remind me at 15:30 to call Ana"',
      '- files: "list files", "read notes.txt", "search for tea in files", "write hello to notes.txt and read it back"',
      '- commands: "run: ls -la"',
      '- the web: "fetch https://example.org"',
      '- the time: "what time is it"',
    ].join('\n'),
    connect:
      'To connect a model, open the Models page of the console, or run `copaw models add <id> --kind openai-compatible --model <model>` (kinds: openai-compatible, openai, anthropic, google).',
    nothing: 'Done.',
    missing: (tool) => `The tool ${tool} is not available in this conversation.`,
  },
  zh: {
    noModel: '还没有连接语言模型，所以我没有理解这句话。我只认识几种固定的说法。',
    help: [
      '没有语言模型时，我可以：',
      '- 记忆：“记住我喜欢喝茶”、“关于茶你知道什么”',
      '- 提醒：“5分钟后提醒我活动一下”、“15:30提醒我打电话”',
      '- 文件：“列出文件”、“读取 notes.txt”、“搜索 茶”、“把 hello 写入 notes.txt 然后读回来”',
      '- 命令：“运行：ls -la”',
      '- 网页：“打开 https://example.org”',
      '- 时间：“现在几点了”',
    ].join('\n'),
    connect:
      '要连接模型，请打开控制台的“模型”页面，或运行 `copaw models add <id> --kind openai-compatible --model <model>`（kind 可为 openai-compatible、openai、anthropic、google）。',
    nothing: '完成。',
    missing: (tool) => `此会话不能使用工具 ${tool}。`,
  },
};
