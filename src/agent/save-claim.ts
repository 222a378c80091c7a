// Sentences that claim something was kept for later, as data: where no call of the turn wrote anything, people are told that it was not.

interface Claim {
  readonly language: 'en' | 'zh';
  readonly pattern: RegExp;
}

/** Said by the assistant of itself, as done or as promised. Every gap is bounded, so that no text can make a pattern slow. */
const claims: readonly Claim[] = [
  // "I've saved it", "I have now noted that", not "if I have saved", "I've saved you a seat"
  {
    language: 'en',
    pattern:
      /(?<!\b(?:if|once|when|after|until|unless|before|that|whether|what|as) )\bI(?:['’]ve| have| just)(?: (?:now|also|just|already|gone ahead and)){0,2} (?:saved(?! (?:you|time|money|space)\b)|stored|noted|recorded|memori[sz]ed|remembered)\b/iu,
  },
  {
    language: 'en',
    pattern: /\bI(?:['’]ve| have)(?: (?:now|also|just)){0,2} (?:made a note|written (?:it|this|that) down|committed (?:it|this|that) to memory)\b/iu,
  },
  {
    language: 'en',
    pattern:
      /\bI(?:['’]ve| have)?(?: (?:now|also|just)){0,2} (?:saved|added|stored|wrote|written|put|updated)\b[^.!?\n]{0,60}\b(?:my|your|long-term|the) (?:long-term )?(?:memory|notes|profile)\b/iu,
  },
  { language: 'en', pattern: /\b(?:saved|added|stored|written) (?:it )?(?:to|in) (?:my |your |the )?(?:long-term )?(?:memory|MEMORY\.md|PROFILE\.md)\b/iu },
  { language: 'en', pattern: /\b(?:MEMORY|PROFILE)\.md (?:is|has been|was) updated\b/iu },
  { language: 'en', pattern: /\bI(?:['’]ll| will) (?:always )?remember (?:that|this|it|your|you)\b/iu },
  { language: 'en', pattern: /(?:^|[.!?\n] {0,2})(?:(?:Got it|Okay|OK|Sure|Done)[,.!:—-]{0,2} )?Noted(?=[.!,:;—]|$)/mu },
  // 已记住, 我已经帮你记下了, not 没记住, 还未保存
  {
    language: 'zh',
    pattern: /(?<![没未不尚])已经?(?:帮你|为你|替你|给你|为您|帮您|将其|把它|把这个|把这些){0,2}(?:记住|记下|记录|保存|存入|写入|添加到|更新到)/u,
  },
  { language: 'zh', pattern: /(?<![没未不请能会要想你您都])(?:记住|记下|记好|记录|保存|存好)(?:下来)?了(?![吗么没？?])/u },
  { language: 'zh', pattern: /我(?:会|将|将会|一定会)(?:一直|永远)?(?:记住|记得|记着|牢记)/u },
];

/** What people are told, in the language of the claim. */
const told = {
  en: 'Nothing was saved in this turn: no note and no file was written.',
  zh: '这一轮没有保存任何内容：没有写入笔记或文件。',
} as const;

/** Characters of an answer that are looked at. */
const most = 20_000;

/** What to tell people where this answer claims that something was kept; undefined where it does not. Quotes and code are somebody else's words. */
export function savedNothing(answer: string): string | undefined {
  const own = answer
    .slice(0, most)
    .replace(/```[\s\S]*?(?:```|$)/gu, ' ')
    .replace(/^ {0,3}>.*$/gmu, ' ')
    .replaceAll('`', '');
  const claim = claims.find(({ pattern }) => pattern.test(own));
  return claim && told[claim.language];
}
