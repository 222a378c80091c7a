// Words that nearly every note has, or that only make a question: they find nothing by themselves.

const english = `a about after all also am an and any are as at be because been before being but by can could did do does doing don down for from had has have
having he her here hers him his how i if in into is it its just ll m me more most my no nor not now of off on once only or other our out over own please re s same
she should so some such t than that the their them then there these they this those to too under until up us ve very happened happen current currently latest newest recent recently still nowadays today was we were what when where which while who
whom whose why will with would you your tell remember know remind find show mine anything something`;
const chinese = `的 了 是 我 你 他 她 它 们 我们 你们 他们 她们 在 有 和 与 或 就 都 也 还 不 没 没有 很 吗 呢 吧 啊 呀 么 什么 怎么 怎样 哪 哪里 哪儿 哪个 哪些 谁 为什么 多少
几 这 那 这个 那个 这些 那些 一个 一 上 下 里 中 到 去 来 过 着 给 把 被 让 从 对 请 告诉 记得 知道 关于 时候 现在`;

const all: ReadonlySet<string> = new Set([english, chinese].flatMap((words) => words.split(/\s+/u)));

export function isStopWord(word: string): boolean {
  return all.has(word);
}
