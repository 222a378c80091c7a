// What CoPaw says of a model that failed or was tried, and what to do then, in Chinese. The server says it in English; what is not known here stays as it was said.

const sentences: Readonly<Record<string, string>> = {
  'The answer was cancelled.': '回答已取消。',
  'The provider refused the key.': '提供方拒绝了密钥。',
  'Check the key of this provider on the Models page.': '请在“模型”页检查此提供方的密钥。',
  'The account of this provider has no credit left.': '此提供方的账户余额已用完。',
  'Add credit there, or choose another model.': '请在那里充值，或选择其他模型。',
  'The provider limits how often it may be asked.': '提供方限制了请求频率。',
  'Wait a little, or choose another model.': '请稍等，或选择其他模型。',
  'The provider is overloaded or failing.': '提供方过载或出错。',
  'Try again later, or choose another model.': '请稍后再试，或选择其他模型。',
  'The model did not answer in time.': '模型没有及时回应。',
  'Try again, or raise models.firstTokenSeconds.': '请重试，或调大 models.firstTokenSeconds。',
  'The connection to the model failed or was dropped.': '无法连接到模型，或连接中断。',
  'Check that the address is right and reachable.': '请检查地址是否正确、能否访问。',
  'The conversation is too long for this model.': '对话对这个模型来说太长了。',
  'Start a new session, or choose a model with a larger context.': '请开始新会话，或选择上下文更大的模型。',
  'The provider does not know this model or address.': '提供方不认识这个模型或地址。',
  'Check the model name and the base URL.': '请检查模型名称和基础 URL。',
  'The provider refused the request.': '提供方拒绝了请求。',
  'Check that the model supports tools and this wire format.': '请检查模型是否支持工具和这种协议。',
  'The model sent an answer that cannot be read.': '模型的回答无法读取。',
  'Try again; if it stays so, check the wire format of this provider.': '请重试；若仍如此，请检查此提供方的协议。',
  'The address answers with a web page, check the base URL.': '此地址返回的是网页，请检查基础 URL。',
  'The provider answered.': '提供方有回应。',
  'It called the tool and read the result.': '它调用了工具并读取了结果。',
  'It did not call the tool. Choose a model that supports tools.': '它没有调用工具。请选择支持工具的模型。',
  'Text was streamed.': '文字以流式输出。',
  'No text was streamed.': '没有流式输出文字。',
  'Tokens are reported.': '会报告 token 数。',
  'No token counts are reported, so budgets cannot see its use.': '不报告 token 数，因此预算无法计入它的用量。',
  'It accepted an image.': '它接受了图片。',
  'It takes sound, and answers with words.': '它接受声音，并用文字回答。',
  'What it takes is reported.': '会报告用量。',
  'The provider does not say what it takes: recordings are counted by their own length.': '提供方不报告用量：录音按自身时长计。',
  'A base URL begins with https:// or http://.': '基础 URL 以 https:// 或 http:// 开头。',
  'Give the whole address, for example http://localhost:11434/v1.': '请填写完整地址，例如 http://localhost:11434/v1。',
  'A provider id is lower-case letters, digits and "-", at most 32.': '名称由小写字母、数字和连字符组成，最多 32 个字符。',
  'The id "offline" belongs to the built-in model.': '名称“offline”属于内置模型。',
};

/** One sentence after the other; all of them or none. */
export function saidInChinese(said: string): string {
  let [rest, told] = [said.trim(), ''];
  while (rest !== '') {
    const [again, seconds] = /^Trying again in (\d+) s\./u.exec(rest) ?? [];
    const found = again ?? Object.keys(sentences).find((sentence) => rest.startsWith(sentence));
    if (found === undefined) return said;
    told += seconds === undefined ? sentences[found] : `${seconds} 秒后重试。`;
    rest = rest.slice(found.length).trimStart();
  }
  return told;
}
