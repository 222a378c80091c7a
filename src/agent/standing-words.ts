// Rules that say neither "always" nor "never": an order, a ban or a duty that is worded for more than one time. English and Chinese, as data.

/** What an assistant is told to do. */
const verbs = `add|address|answer|ask|attach|avoid|be|begin|book|bring|buy|call|cancel|change|charge|check|choose|cite|close|confirm|copy|count|create|
cut|delete|draft|drop|end|explain|file|filter|finish|flag|follow|forget|format|forward|give|go|greet|hang|hide|ignore|include|invite|keep|label|lead|leave|
let|limit|list|lock|log|mail|make|mark|mention|message|move|name|note|notify|number|offer|open|order|pass|pay|pick|plan|point|post|print|protect|put|quote|
read|refer|remind|remove|rename|reply|report|return|ring|round|run|save|say|schedule|send|set|share|show|sign|skip|sort|speak|spell|start|state|stay|stick|
stop|store|suggest|summari[sz]e|switch|take|talk|tell|text|transfer|translate|treat|try|turn|use|wait|wake|warn|watch|water|wish|write`.replace(/\n/gu, '');

/** At the beginning of a sentence, or behind the case it is for. */
const order = `(?:please,? |kindly |just |then |and |also,? |but )*(?:do not |don't )?(?:${verbs})\\b`;
/** A case that may come again: "before noon" comes once. */
const cases =
  '(?:before|after) (?:I|you|we|they|any\\w*|some\\w*|[a-z]+ing)\\b|(?:when|if|while|where|in case|as long as|as soon as) (?:I|you|we|they|he|she|it|any\\w*|some\\w*|the|an?|my|our|your|there|possible|necessary|needed|relevant|in doubt)\\b';
/** For more than one time, and for more than what is at hand. */
const ever = `\\b(?:every (?!one of (?:these|those|the)\\b)\\w+|any(?:body|one|thing)|every(?:body|one|thing) (?:I|you|we|that|from|for|to|with)|no ?(?:body|one)|nothing|unless|without (?:asking|me|my)|otherwise|by default|daily|weekly|monthly|${cases})`;
const limits = '\\b(?:all|each|any|only|at most|at least|no more than|instead of|rather than|first)\\b';
/** Of others, or of things: what I myself have to do today is none, nor what somebody did. */
const others = '(?<!\\b(?:I|we|it|this|that|there|who|what|which|he|she|they|you|one|not))';
const duty = `${others} (?:should|shall|ha(?:ve|s) to|needs? to|ought to|are to|is to|goe?s?|stays?|remains?|belongs?)\\b`;
const ban = `${others} (?:should(?: not|n't)|shall not|may not|may only|can only|(?:is|are) not to|(?:is|are) (?:forbidden|banned|prohibited|taboo|off[- ]limits|not allowed|out of the question|only allowed))\\b`;
const noSuch =
  'no (?!(?:problem|idea|worr|one|thank|way|doubt|need|wonder|matter|longer|luck|news|sooner|more than|less|such|man|woman)\\w*\\b)[a-z]+(?! (?:is|are|was|were|has|have|had|can|could|will|would|ever|knows)\\b)';
const wish = "I(?:'d| would)? (?:want|wish|expect|like|hate|insist|do not want|don't want|do not like|don't like)\\b(?! to\\b)";

const english = [
  `^(?:if|when|before|after|unless|once|until|as soon as|in case)\\b[^,]{3,80}, ${order}`,
  `^${order}.*${ever}`,
  `^you (?:can|may|should|need not|needn't|don't (?:have|need) to) (?:${verbs})\\b`,
  `^${noSuch}`,
  ban,
  `^${wish}.*(?:${ever}|${limits})`,
  `^(?=.*(?:${ever}|${limits})).*${duty}`,
  '\\b(?:unless I (?:say|ask|tell)|unless (?:asked|told)|until (?:I say|further notice)|in doubt,)',
];
const chinese = [
  '(?<![我他她它])(?:不可以?(?![能思惜])|不得(?![不了已])|不准|不应|不该|勿)',
  '^(?:请|都|就)?别(?![人的处墅名致扭])',
  '未经|没有?(?:经过)?我(?:的)?(?:同意|允许|批准)|除非我|(?:只能|只许|只准)(?!说|算)',
  '(?:之前|以前|前|时|时候|的话)[，,]?(?:请|要|都|就|得|须)?先',
  '(?:应该|应当|必要|需要|得|须)(?:全部|一律|全|都)|都(?:应该|应当|得|须|要用|要先|要按)',
  '(?:每|隔|[两二三四五六七八九十])[个]?(?:天|日|周|星期|月|年|小时|晚)[^，。]{0,4}(?:一次|两次|[浇喂查扫洗换发做交付备清擦]\\S)',
  '^(?:称呼|回复|回答|写|发|订|买|记|翻译|总结)[^，。]{1,14}(?:要|用|请|得|须)',
  '(?:如果|要是|凡是|只要|万一)[^。]{2,30}(?:就|请|要|先)(?:告诉|通知|提醒|问|给|发|打|查|挂|停|拒|转|用)',
];

/** A question asks for nothing that lasts. */
export const standingWords = new RegExp(`^(?!.*[?？]["”']?$|.*吗[。！]?$)(?=.*?(?:${[...english, ...chinese].map((one) => `(?:${one})`).join('|')}))`, 'iu');
