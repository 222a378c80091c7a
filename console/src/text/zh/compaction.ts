// Words about what was summed up in a conversation, in Chinese.
import type { compaction as en } from '../en/compaction.ts';

export const compaction: typeof en = {
  line: (before, after) => `已压缩 ${before} → ${after} 条消息`,
  tokens: (before, after) => `约 ${before} → ${after} 个 token`,
  asked: '应您的要求',
  window: '下一次请求将难以放进模型',
  overflow: '提供方拒绝了这么长的请求',
  fallback: '总结由代码写成：没有模型写出足够好的总结。',
  model: (ref) => `总结由 ${ref} 写成。`,
  focus: (text) => `重点：${text}`,
  kept: '没有删除任何内容：消息仍在此会话中，助手可以查阅。',
  details: '模型现在读到的内容',
  goal: '目标',
  lists: {
    constraints: '约束',
    done: '已完成',
    doing: '进行中',
    blocked: '受阻',
    decisions: '决定',
    next: '下一步',
    promises: '未兑现的承诺',
    facts: '其他已知',
  },
  quotes: (count) => `原文（${count}）`,
  undo: '撤回',
  undone: '已撤回：只要放得下，模型会重新看到消息原文。',
};
