// Providers that can be found on this machine: keys in environment variables and servers on loopback. Data.

interface KnownKey {
  readonly env: string;
  readonly id: string;
  readonly kind: 'openai-compatible' | 'openai' | 'anthropic' | 'google';
  readonly baseUrl?: string;
  readonly model: string;
}

export const knownKeys: readonly KnownKey[] = [
  { env: 'OPENAI_API_KEY', id: 'openai', kind: 'openai', model: 'gpt-5' },
  { env: 'ANTHROPIC_API_KEY', id: 'anthropic', kind: 'anthropic', model: 'claude-sonnet-4-5' },
  { env: 'GEMINI_API_KEY', id: 'google', kind: 'google', model: 'gemini-2.5-flash' },
  { env: 'GOOGLE_API_KEY', id: 'google', kind: 'google', model: 'gemini-2.5-flash' },
  { env: 'DEEPSEEK_API_KEY', id: 'deepseek', kind: 'openai-compatible', baseUrl: 'https://api.deepseek.com/v1', model: 'deepseek-chat' },
  { env: 'OPENROUTER_API_KEY', id: 'openrouter', kind: 'openai-compatible', baseUrl: 'https://openrouter.ai/api/v1', model: 'openrouter/auto' },
  { env: 'DASHSCOPE_API_KEY', id: 'dashscope', kind: 'openai-compatible', baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1', model: 'qwen-plus' },
  { env: 'MOONSHOT_API_KEY', id: 'moonshot', kind: 'openai-compatible', baseUrl: 'https://api.moonshot.cn/v1', model: 'moonshot-v1-auto' },
];

export const localServers = [
  { id: 'ollama', name: 'Ollama', list: 'http://127.0.0.1:11434/api/tags', baseUrl: 'http://127.0.0.1:11434/v1' },
  { id: 'lm-studio', name: 'LM Studio', list: 'http://127.0.0.1:1234/v1/models', baseUrl: 'http://127.0.0.1:1234/v1' },
  { id: 'llama-cpp', name: 'llama.cpp', list: 'http://127.0.0.1:8080/v1/models', baseUrl: 'http://127.0.0.1:8080/v1' },
] as const;
