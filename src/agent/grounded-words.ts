// What a fact may say in words of its own: small words that name nobody, nowhere and nothing. As data, for `grounded.ts`.

/** English words that stand with a capital letter at the beginning of a sentence without being names. */
export const starters: ReadonlySet<string> = new Set(
  (
    'i a an the this that these those some any each every all both no not none never always often usually sometimes only also even ' +
    'he she it they we you his her its their our your my who what when where which whose why how there here ' +
    'in on at for from with without by of to as if and or but so because since until after before during about near over under than then ' +
    'is are was were be has have had does do did can could will would should must may might ' +
    'person persons user users operator family sister brother mother father wife husband partner son daughter friend boss doctor colleague ' +
    'lives works likes loves prefers wants needs owns uses speaks eats drinks hates avoids studies wishes plans decided married born favourite favorite birthday name'
  ).split(' '),
);

/** Chinese words that a sentence of the third person needs: of grammar, of speaking about somebody, of kin. The longest that fits is tried too. */
export const frames: ReadonlySet<string> = new Set(
  (
    '用户 本人 此人 对方 主人 他 她 它 他们 她们 它们 其 该 自己 的 地 得 了 着 过 吗 呢 吧 是 不是 在 有 没有 没 不 无 非 未 很 最 更 较 太 也 都 还 就 才 只 又 再 已 已经 正在 ' +
    '曾 曾经 将 将要 会 能 可以 可 应 应该 需要 需 要 想 想要 希望 打算 计划 决定 喜欢 爱 喜爱 偏爱 偏好 讨厌 不喜欢 认为 觉得 知道 记得 使用 用 拥有 养 养了 住 住在 居住 居住在 位于 ' +
    '来自 从 到 去 来 于 为 对 向 把 被 让 使 给 跟 和 与 及 以及 或 或者 而 但 但是 并 并且 因 因为 所以 如果 当 时 时候 之 以 所 这 那 这个 那个 这些 那些 每 每个 各 某 一个 一位 ' +
    '一名 一只 一家 一种 一些 名叫 名字 名字是 名为 叫 叫做 姓 称为 称 人 家 家人 家里 家庭 孩子 妻子 老婆 太太 丈夫 老公 先生 父亲 爸爸 母亲 妈妈 父母 儿子 女儿 姐姐 妹妹 哥哥 弟弟 ' +
    '朋友 同事 老板 医生 老师 邻居 工作 上班 生日 出生 年龄 职业 时间 地点 方面 里 中 上 下 内 外 前 后 等 上面 下面 现在 目前 以后 之后 以前 之前 经常 常 总是 从不 从来 通常 一般 请'
  ).split(' '),
);

/** Days that are named from where one stands. */
export const relativeDays =
  /\b(?:today|tonight|tomorrow|yesterday|(?:next|last|this) (?:week|month|year|spring|summer|autumn|fall|winter)|weekend)\b|今天|明天|后天|昨天|下周|上周|下个月|上个月|明年|去年|今年/giu;

/** What makes an amount of a number, by what is meant. */
const unitWords: Readonly<Record<string, string>> = {
  usd: '$ dollar dollars usd 美元 美金',
  eur: '€ euro euros eur 欧元',
  gbp: '£ pound pounds gbp 英镑',
  cny: '¥ yuan cny rmb 人民币 元 块',
  jpy: 'yen jpy 日元',
  percent: '% percent',
  kg: 'kg kilo kilos kilogram kilograms 公斤 千克',
  g: 'g gram grams 克',
  km: 'km kilometer kilometers kilometre kilometres 公里 千米',
  cm: 'cm centimeter centimeters centimetre centimetres 厘米',
  m: 'm meter meters metre metres 米',
  mile: 'mile miles 英里',
  l: 'l liter liters litre litres 升',
  ml: 'ml 毫升',
  minute: 'min minute minutes 分钟',
  hour: 'h hour hours 小时 个小时',
  day: 'day days 天',
  week: 'week weeks 周 星期 个星期',
  month: 'month months 个月',
  year: 'year years 岁 年',
};
export const units: ReadonlyMap<string, string> = new Map(
  Object.entries(unitWords).flatMap(([unit, words]) => words.split(' ').map((word): [string, string] => [word, unit])),
);

export const numberWords: ReadonlyMap<string, number> = new Map(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
    .split(' ')
    .map((word, value): [string, number] => [word, value])
    .filter(([word]) => word !== 'one')
    .concat('thirty forty fifty sixty seventy eighty ninety'.split(' ').map((word, index): [string, number] => [word, (index + 3) * 10]))
    .concat([
      ['once', 1],
      ['twice', 2],
      ['dozen', 12],
      ['hundred', 100],
      ['thousand', 1_000],
      ['million', 1_000_000],
      ['half', 0.5],
    ]),
);

export const months: readonly string[] = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
