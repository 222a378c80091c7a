// Kinds of channels whose names are others in Chinese; the rest are called as everywhere.

export const channelTitles: Readonly<Record<string, string>> = { dingtalk: '钉钉', feishu: '飞书 / Lark', email: '电子邮件' };
