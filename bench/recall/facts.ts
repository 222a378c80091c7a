// Sixty things a person says once in a long conversation, and how they would be asked for later. Data; what counts is that `value` is found word for word.

export type FactKind = 'rule' | 'id' | 'amount' | 'date' | 'promise' | 'name' | 'path' | 'contact' | 'plain' | 'result';

export interface Fact {
  readonly kind: FactKind;
  /** What the person says; of a `result` what a tool returns. */
  readonly said: string;
  /** What must be there, word for word. */
  readonly value: string;
  /** Words that somebody who wants to know would look for. */
  readonly question: string;
}

const fact = (kind: FactKind, said: string, value: string, question: string): Fact => ({ kind, said, value, question });

/** `plain`: nothing about the words shows that they matter. `result`: it stands in what a tool returned, not in what anybody said. */
export const facts: readonly Fact[] = [
  fact('rule', 'Always write letters to the council in formal German.', 'Always write letters to the council in formal German', 'letters to the council'),
  fact('rule', 'Never send anything to Bruno without asking me first.', 'Never send anything to Bruno', 'send to Bruno'),
  fact('rule', 'From now on, round all prices up to full euros.', 'round all prices up to full euros', 'round prices'),
  fact('rule', 'Remember that I cannot eat walnuts.', 'I cannot eat walnuts', 'eat walnuts'),
  fact('rule', 'Please call me Rosalind, not Rosie.', 'call me Rosalind, not Rosie', 'call me Rosalind'),
  fact('rule', 'Whenever you quote a source, put the year in brackets.', 'put the year in brackets', 'quote a source year'),
  fact('rule', 'Do not touch the folder taxes-2024 under any circumstances.', 'Do not touch the folder taxes-2024', 'touch the folder taxes'),
  fact('rule', '以后给我的总结都用中文写。', '以后给我的总结都用中文写', '总结 中文'),
  fact('rule', '千万不要在周末给我妈妈打电话。', '千万不要在周末给我妈妈打电话', '周末 妈妈 电话'),
  fact('rule', 'I prefer trains to planes, no matter what the price is.', 'I prefer trains to planes', 'trains or planes'),
  fact('id', 'The customer number with the water company is KD-88213-W.', 'KD-88213-W', 'customer number water company'),
  fact('id', 'My bike frame has the number WTU 552 0419 P stamped on it, and the lock is L-70934.', 'L-70934', 'bike lock number'),
  fact('id', 'The ticket at the hoster is #48112.', '#48112', 'ticket hoster'),
  fact('id', 'Commit 9f3c2ab7 broke the build.', '9f3c2ab7', 'commit broke the build'),
  fact('id', 'My flight is LH2471, seat 14C.', 'LH2471', 'flight seat'),
  fact('id', 'The patient file is 2207-5513-08.', '2207-5513-08', 'patient file'),
  fact('id', '我的会员卡号是 VIP-330917。', 'VIP-330917', '会员卡号'),
  fact('id', 'The router answers to serial SN5520XKQ.', 'SN5520XKQ', 'router serial'),
  fact('amount', 'The roof may cost $14,250 at most.', '$14,250', 'roof cost'),
  fact('amount', 'We agreed on 3.75 % interest for the loan.', '3.75 %', 'interest loan'),
  fact('amount', 'The deposit for the hall was 480 euros.', '480 euros', 'deposit hall'),
  fact('amount', 'Put 650 g of rye flour into the starter bread.', '650 g', 'rye flour bread'),
  fact('amount', 'The tank holds 1,820 l when it is full.', '1,820 l', 'tank holds'),
  fact('amount', '房租是每月 5600 元。', '5600 元', '房租'),
  fact('amount', 'There will be 34 people at the reunion.', '34 people', 'people at the reunion'),
  fact('amount', 'The shelf must be 212 cm wide.', '212 cm', 'shelf wide'),
  fact('date', 'The lease ends on 2027-02-28.', '2027-02-28', 'lease ends'),
  fact('date', 'Our anniversary is on June 19.', 'June 19', 'our anniversary'),
  fact('date', 'The inspection of the boiler is on Thursday at 07:45.', 'Thursday at 07:45', 'inspection boiler'),
  fact('date', 'The exhibition closes on 3 October.', '3 October', 'exhibition closes'),
  fact('date', '我女儿的生日是8月17日。', '8月17日', '女儿 生日'),
  fact('date', 'The surgery was moved to 11.03.2027.', '11.03.2027', 'surgery moved'),
  fact('date', 'Pick up the dog at 6 pm tomorrow.', '6 pm', 'pick up the dog'),
  fact('date', 'The visa runs out on 30 November.', '30 November', 'visa runs out'),
  fact('promise', 'I promised Aunt Greta to mend her clock.', 'promised Aunt Greta to mend her clock', 'promised Aunt Greta'),
  fact('promise', 'The report for the board is due on Monday.', 'report for the board is due on Monday', 'report for the board due'),
  fact('promise', 'I owe Tariq a dinner since the move.', 'I owe Tariq a dinner', 'owe Tariq'),
  fact('promise', '我答应过老王下个月还他梯子。', '我答应过老王下个月还他梯子', '答应 老王 梯子'),
  fact('promise', 'The deadline for the grant is noon on Friday.', 'deadline for the grant is noon on Friday', 'deadline grant'),
  fact('promise', 'I will send Ines the photos of the christening.', 'I will send Ines the photos', 'send Ines photos'),
  fact('name', "My sister's new boss is called Henrietta Okafor.", 'Henrietta Okafor', "sister's new boss"),
  fact('name', 'The plumber we liked is Mr. Dagobert Lund.', 'Dagobert Lund', 'plumber'),
  fact('name', 'The cat is named Semolina.', 'Semolina', 'name of the cat'),
  fact('name', '我的牙医叫陈雅文。', '陈雅文', '牙医'),
  fact('name', 'The notary recommended Katharina Weiss for the contract.', 'Katharina Weiss', 'notary recommended contract'),
  fact('name', 'My doctor is Dr. Anselm Brandt.', 'Anselm Brandt', 'my doctor'),
  fact('path', 'The draft lies in work/drafts/garden-plan-v3.md.', 'work/drafts/garden-plan-v3.md', 'garden plan draft'),
  fact('path', 'The scans are in archive/2019/deeds.', 'archive/2019/deeds', 'scans of deeds'),
  fact('path', 'Run the script tools/rename_photos.py before the backup.', 'tools/rename_photos.py', 'script before the backup'),
  fact('path', 'The budget is budget-final.xlsx, not the other one.', 'budget-final.xlsx', 'budget file'),
  fact('path', 'My notes on the bees are in notes/bees/winter.txt.', 'notes/bees/winter.txt', 'notes on the bees'),
  fact('contact', 'Write to the landlord at hausverwaltung@lindenhof.example.', 'hausverwaltung@lindenhof.example', 'landlord address'),
  fact('contact', 'The manual is at https://manuals.example/pump/PX-4?lang=en.', 'https://manuals.example/pump/PX-4?lang=en', 'manual of the pump'),
  fact('contact', "The school's number is +49 30 5550 1177.", '+49 30 5550 1177', "school's number"),
  fact('contact', 'Orders go to orders@tea-house.example from now.', 'orders@tea-house.example', 'tea orders'),
  fact('plain', 'The spare key hangs behind the blue vase.', 'behind the blue vase', 'spare key hangs'),
  fact('plain', 'Grandfather learned to whistle from a sailor.', 'learned to whistle from a sailor', 'grandfather whistle'),
  fact('plain', 'The hedge is yew and the neighbours hate it.', 'The hedge is yew', 'hedge yew neighbours'),
  fact('result', 'Order created: ORD-55A-9917, arrives in two parts.', 'ORD-55A-9917', 'order created arrives'),
  fact('result', 'Certificate fingerprint 5E:91:AA:07 installed.', '5E:91:AA:07', 'certificate fingerprint'),
];

/**
 * A second set: written after the patterns of anchors were settled, and never looked at while they were changed. What it shows is what a person
 * can expect whose words nobody had in mind.
 */
export const heldOut: readonly Fact[] = [
  fact('rule', 'If the bank rings, hang up and tell me.', 'If the bank rings, hang up', 'bank rings'),
  fact('rule', 'Emails to my father have to be in large type, every single one.', 'Emails to my father have to be in large type', 'emails to my father'),
  fact('rule', 'Never book hotels with carpets.', 'Never book hotels with carpets', 'book hotels'),
  fact('rule', 'Answers in three sentences at most, please, always.', 'Answers in three sentences at most', 'three sentences'),
  fact('rule', '回答问题之前，务必先查日历。', '务必先查日历', '查日历'),
  fact('rule', 'Keep the word "retirement" out of everything you write to Paul.', 'Keep the word "retirement" out', 'retirement Paul'),
  fact('id', 'Locker 0417 opens with 5-19-33.', '5-19-33', 'locker opens'),
  fact('id', 'The parcel runs under 1Z 999 AA1 01 2345 6784.', '1Z 999 AA1 01 2345 6784', 'parcel'),
  fact('id', 'Booking code for the ferry: QXPL7R.', 'QXPL7R', 'booking code ferry'),
  fact('id', 'Our VAT number is DE 298 441 207.', 'DE 298 441 207', 'VAT number'),
  fact('amount', 'The gardener gets twenty-two fifty an hour.', 'twenty-two fifty an hour', 'gardener an hour'),
  fact('amount', 'Grandma left us 7 300 francs.', '7 300 francs', 'grandma left'),
  fact('amount', 'Two thirds of the cellar belong to the Hartmanns.', 'Two thirds of the cellar', 'cellar Hartmanns'),
  fact('amount', '装修预算不能超过十二万。', '装修预算不能超过十二万', '装修预算'),
  fact('date', 'Term starts the second week of September.', 'second week of September', 'term starts'),
  fact('date', 'The car is at the garage until the 14th.', 'until the 14th', 'car garage'),
  fact('date', 'We moved in on Whit Monday 2019.', 'Whit Monday 2019', 'moved in'),
  fact('date', '体检安排在下周三上午。', '下周三上午', '体检'),
  fact('promise', 'I gave Noor my word that she can have the piano.', 'I gave Noor my word', 'Noor piano'),
  fact('promise', 'The Lindqvists expect the signed copy from us before Easter.', 'expect the signed copy from us before Easter', 'Lindqvists signed copy'),
  fact('promise', 'Ulrich still waits for his ladder.', 'Ulrich still waits for his ladder', 'Ulrich ladder'),
  fact('name', 'Ask for Wilhelmina at the front desk.', 'Wilhelmina', 'front desk'),
  fact('name', 'The twins are Ottilie and Casper.', 'Ottilie and Casper', 'twins'),
  fact('name', '新来的护工是周婷婷。', '周婷婷', '护工'),
  fact('path', 'The invoices sit in Dropbox under Household/2026/Q3.', 'Household/2026/Q3', 'invoices Dropbox'),
  fact('path', 'Her thesis is thesis_final_FINAL2.docx.', 'thesis_final_FINAL2.docx', 'thesis'),
  fact('contact', 'Dr. Feld is best reached on 0171 555 0192.', '0171 555 0192', 'Feld reached'),
  fact('contact', 'The stream is on radio-lichtung.example/live.', 'radio-lichtung.example/live', 'stream radio'),
  fact('plain', 'The third stair creaks, step over it.', 'The third stair creaks', 'stair creaks'),
  fact('result', 'Deployed build amber-finch to staging.', 'amber-finch', 'deployed build staging'),
];
