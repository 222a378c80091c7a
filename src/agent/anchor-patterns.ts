// What in a sentence must not be lost: rules, promises, ids, amounts, dates, addresses, paths, names. Patterns for English and Chinese, as data.
import type { AnchorKind } from '../core/compaction.ts';
import { standingWords } from './standing-words.ts';

/** Tried in this order; the first that is found names the sentence. */
export const anchorPatterns: readonly { readonly kind: AnchorKind; readonly pattern: RegExp }[] = [
  {
    kind: 'rule',
    pattern:
      /\b(?:always|never|from now on|(?:please )?remember|don't ever|do not ever|make sure|you must|must(?:n't| not| never| always)|no matter what|every time|whenever|prefer|only ever|under no circumstances|call me|rule)\b|^(?:please,? )?(?:do not|don't|stop)\b|从现在起|今后|以后.{0,12}(?:都|请|要|不)|永远|总是|一律|务必|必须|不要|不许|禁止|千万|记住|请记得|每次|叫我|规定|规则/iu,
  },
  {
    kind: 'promise',
    pattern:
      /\b(?:I (?:promise|owe)|promised?|I(?:'ll| will) (?:send|call|write|pay|bring|finish|get back|let you know|remind)|deadline|due (?:on|by)|by (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b|答应|承诺|保证|截止|到期|约好/iu,
  },
  { kind: 'wish', pattern: standingWords },
  { kind: 'contact', pattern: /https?:\/\/[^\s<>"']+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b|\+\d[\d ()-]{6,}\d/u },
  {
    kind: 'path',
    pattern:
      /(?:^|[\s`"'(])(?:~|\.{1,2})?\/?(?:[\w.-]+\/)+[\w.-]+|\b[\w-]+\.(?:md|txt|csv|json|ya?ml|ts|js|py|pdf|docx?|xlsx?|png|jpe?g|zip|sh|sql|toml|html?)\b|[A-Z]:\\[\w\\.-]+/u,
  },
  {
    kind: 'id',
    pattern:
      /\b(?=[A-Za-z0-9_#/.-]*\d)(?=[A-Za-z0-9_#/.-]*[A-Za-z])[A-Za-z0-9][A-Za-z0-9_#/.-]{3,}[A-Za-z0-9]\b|\b\d{5,}\b|\b(?!\d{4}-\d{2}-\d{2}\b)\d+(?:-\d+){2,}\b|#\d{2,}|\b[0-9a-f]{8}-[0-9a-f-]{27}\b/u,
  },
  {
    kind: 'amount',
    pattern:
      /[$€£¥₹]\s?\d[\d.,]*|\d[\d.,]*\s?(?:%|percent|dollars?|euros?|pounds?|yuan|USD|EUR|GBP|CNY|RMB|k[gmW]|g|mg|ml|l|cm|mm|m²|km\/h|°C|hours?|minutes?|days?|weeks?|people|元|块|万|亿|千克|公斤|克|毫升|米|公里|人|个|小时|分钟|天)(?![A-Za-z])/iu,
  },
  {
    kind: 'date',
    pattern:
      /\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2}\b|\b\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:january|february|march|april|may|june|july|august|september|october|november|december)\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b\d{1,2}:\d{2}\b|\b\d{1,2} ?(?:am|pm)\b|\b(?:tomorrow|birthday|anniversary)\b|\d{1,2}月\d{1,2}[日号]|(?:周|星期)[一二三四五六日天]|明天|后天|生日|\d{1,2}点/iu,
  },
  {
    kind: 'name',
    pattern:
      /\b(?:name(?:d|s| is)?|called|[Mm]y (?:wife|husband|partner|son|daughter|sister|brother|mother|father|mom|dad|boss|friend|doctor|dog|cat|colleague|landlord|neighbou?r|teacher))\b|(?:[a-z,;:] |\b(?:Dr|Mr|Mrs|Ms|Prof)\.? )[A-Z][a-z]+ [A-Z][a-z]+|\p{Script=Han}(?:叫|名字是|姓)\p{Script=Han}|我(?:妻子|老婆|丈夫|老公|儿子|女儿|姐姐|妹妹|哥哥|弟弟|妈妈|爸爸|老板|朋友|医生|同事)/u,
  },
];

/** What a person asks that is never worth keeping alone. */
export const smallTalk =
  /^(?:ok(?:ay)?|thanks?(?: you)?|yes|no|hi|hello|go on|continue|great|fine|good|sure|好的?|谢谢|是的?|不是?|你好|继续|嗯)[\s.!?。！？]*$/iu;
