// Everyday words that stand for each other in notes and in questions about them. Small on purpose: each group costs noise.

const groups = `live lives lived living reside home address moved relocated
job work works worked employer employed company office profession occupation
phone telephone mobile cell number call
car vehicle auto drive drives
doctor physician gp medic
dentist dental teeth
buy bought purchase purchased
child children kid kids son daughter
wife husband spouse partner married
mother mom mum mama
father dad papa
begin began start started
finish finished end ended complete completed
big large huge
small little tiny
quick fast rapid
ill sick unwell
allergic allergy allergies
favourite favorite likes loves prefers preferred
hate hates dislikes
meeting appointment call
trip travel journey vacation holiday
password passphrase code pin
money cash pay paid payment
price cost costs
house flat apartment
email mail e-mail
birthday born birth
food meal eat eats
film movie
picture photo image
shop store
road street
boss manager supervisor
friend pal buddy
lawyer attorney solicitor
rent lease
salary wage income pay
say said speak spoke tell told
give gave given
see saw seen
go went gone
take took taken
make made
住 居住 住在 家 地址 搬
电话 手机 号码
工作 公司 上班 职业
医生 大夫
车 汽车
买 购买
生日 出生
喜欢 喜爱 爱
妈妈 母亲
爸爸 父亲
妻子 老婆 太太
丈夫 老公
旅行 旅游 出差
会议 开会
价格 价钱 费用`;

const spellings = `favourite favorite
favourites favorites
colour color
colours colors
neighbour neighbor
neighbours neighbors
grey gray
centre center
theatre theater
programme program
organise organize
organised organized
realise realize
realised realized
licence license
travelled traveled
cancelled canceled
jewellery jewelry
catalogue catalog
mum mom`;

type Groups = ReadonlyMap<string, ReadonlySet<string>>;

function read(text: string): Groups {
  const found = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    const words = line.trim().split(' ');
    for (const word of words) found.set(word, new Set([...(found.get(word) ?? []), ...words.filter((other) => other !== word)]));
  }
  return found;
}

const related = read(groups);
const spelled = read(spellings);
const none: ReadonlySet<string> = new Set();

/** Words that may stand where this one was meant. */
export function relatedTo(word: string): ReadonlySet<string> {
  return related.get(word) ?? none;
}

/** The same word as others spell it. */
export function spellingsOf(word: string): ReadonlySet<string> {
  return spelled.get(word) ?? none;
}
