// What is exact in a fact has to stand in the person's words: numbers, dates, amounts, paths, ids, names. English and Chinese.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unsaid } from './grounded.ts';

describe('said', () => {
  test.each([
    ['Ana, the sister, lives in Porto.', 'My sister ANA lives in Porto.'],
    ['The person prefers tea.', 'I prefer tea'],
    ['Prefers tea to coffee.', 'I prefer tea over coffee'],
    ['The person has two children.', 'my 2 kids'],
    ['Has 1,500 euros saved.', 'I saved 1500 euro'],
    ['Ana Silva was born on 1980-03-05.', 'Ana Silva was born on March 5th, 1980'],
    ['Their birthday is 5 March.', 'my birthday is March 5'],
    ['Pays $12.50 for ~/taxes/2025.csv', 'I pay $12.50, see ~/taxes/2025.csv.'],
    ['Order INV-2041-X belongs to Rui.', 'order inv-2041-x is the one of rui'],
    ["Ana's dog is called Rex.", 'the dog of Ana is Rex'],
    ['用户的妹妹住在波尔图。', '我妹妹住波尔图'],
    ['用户的牙医叫陈雅文。', '我的牙医叫陈雅文'],
    ['用户有三个孩子。', '我有3个孩子'],
    ['用户的生日是3月5日。', '我生日三月五号'],
    ['用户爱猫。', '我养了猫'],
    ['用户每月还2000元。', '我每月还两千元房贷'],
    ['用户周日去游泳', '我星期天都去游泳'],
  ])('%s', (fact, words) => expect(unsaid(fact, words)).toBeUndefined());
});

describe('not said', () => {
  test.each([
    ['Ana lives in Lisbon.', 'My sister Ana lives in Porto', 'Lisbon'],
    ['Mallory is the boss.', 'my boss is nice', 'Mallory'],
    ['Ana Costa lives in Porto.', 'Ana Silva and Rui Costa live in Porto', 'Ana Costa'],
    ['The person has three children.', 'I have kids', 'three'],
    ['Has 3 dogs.', 'I have 2 dogs', '3'],
    ['Pays 500 dollars.', 'I pay 500 euros and 20 dollars', '500 dollars'],
    ['Pays $500.', 'I pay 500 euros', '$500'],
    ['Born on March 7.', 'it was March 5, no, April 7', 'March 7'],
    ['Moved on 2026-03-05.', 'I moved last year', '2026'],
    ['Moves tomorrow.', 'I move soon', 'tomorrow'],
    ['The file is notes/tax.md.', 'the file is notes/plan.md', 'notes/tax.md'],
    ['Mail goes to ana@evil.example', 'mail Ana', 'ana@evil.example'],
    ['The order is INV-9.', 'the order is INV-8', 'INV-9'],
    ['Starts at 10:30.', 'it starts at 10:45', '10:30'],
    ['用户的妹妹住在北京。', '我妹妹住波尔图', '用户的妹妹住在北京'],
    ['用户的牙医叫陈小明。', '我的牙医叫陈雅文，朋友叫王小明', '用户的牙医叫陈小明'],
    ['用户的老板是王芳', '我的老板姓王，芳香的茶', '用户的老板是王芳'],
    ['用户有三个孩子。', '我有孩子', '三'],
    ['用户的生日是3月7日。', '我生日三月五号，不是四月七号', '3月7日'],
    ['用户每月还3000元。', '我每月还两千元', '3000元'],
    ['用户周六去游泳', '我星期天去游泳', '周六'],
    ['用户明天搬家', '我要搬家', '明天'],
    ['用户的文件是 tax.md', '我的文件是 plan.md', 'tax.md'],
  ])('%s', (fact, words, what) => expect(unsaid(fact, words)).toBe(what));
});

test('what stands word for word in what was said is said, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => unsaid(text, text) === undefined),
    { numRuns: 500 },
  );
  const mixed = fc.array(fc.constantFrom('Ana', '3', '月', '五', '日', 'March', ' ', '.', '$', '元', '王', 'a/b', 'kg', '十', '一', ',', 'is', "'s", '-'), {
    maxLength: 14,
  });
  fc.assert(
    fc.property(mixed, (parts) => unsaid(parts.join(''), parts.join('')) === undefined),
    { numRuns: 1_000 },
  );
});
