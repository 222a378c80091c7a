// One forbidden read, spelled in the ways a system offers. "@" stands for the path. What a machine has not installed fails by itself.
const python = (code: string): string => `python3 -c '${code}'`;
const node = (code: string): string => `node -e '${code}'`;

export const forbiddenReads: readonly (string | null)[] = [
  // plain readers
  ...['cat @', 'head -n 5 @', 'tail -c +1 @', 'tac @', 'nl @', 'less @', 'more @', 'sort @', 'uniq @', 'cut -c1- @', 'paste @', 'fold @', 'rev @'],
  ...[
    'grep -a . @',
    'sed -n p @',
    "awk '{print}' @",
    'dd if=@ status=none',
    'strings @',
    'column @',
    'diff /dev/null @',
    'comm @ /dev/null',
    'wc -l --files0-from=@',
  ],
  // quoting
  ...['cat "@"', "cat '@'", 'c""at @', "c'a't @", '\\cat @', '"cat" @', "$'\\x63\\x61\\x74' @", 'cat $(echo @)', 'cat `printf %s @`', `cat $\{NOTHING:-@}`],
  // expansions
  ...[
    'X=@; cat $X',
    `X=@; cat "$\{X%x}"`,
    'cat $(dirname @)/id_*',
    'cat $(dirname @)/{id,xx}_ed25519',
    'cat $(dirname @)/??_ed2551?',
    'IFS=,; set -- cat,@; $*',
    'eval "cat @"',
  ],
  ...[
    'a=ca; b=t; $a$b @',
    'cat $(dirname @)/../.ssh/id_ed25519',
    'cat //@',
    'cat $(dirname @)/./././id_ed25519',
    'cd $(dirname @) && cat id_ed25519',
    'pushd $(dirname @); cat *',
  ],
  // encodings
  ...[
    'base64 @',
    'base32 @',
    'xxd @',
    'od -c @',
    'hexdump -C @',
    '$(echo Y2F0 | base64 -d) @',
    'printf "%s" "@" | xxd -p | xxd -r -p | xargs cat',
    'gzip -c @ | gunzip',
  ],
  ...['openssl enc -base64 -in @', null, 'iconv -f latin1 @', 'tr a-z n-za-m < @'],
  // redirections and descriptors
  ...[
    'cat < @',
    'read -r x < @; echo $x',
    `mapfile -t x < @; echo "$\{x[0]}"`,
    'exec 7<@; cat <&7',
    'cat <(cat @)',
    'while read -r l; do echo $l; done < @',
    'cat 0< @',
    'echo "$(<@)"',
  ],
  ...['. @', 'source @', 'bash @', 'bash -x @', 'sh -c "cat @"', 'bash -c "$(cat <<E\ncat @\nE\n)"', 'bash <<E\ncat @\nE', 'bash <<< "cat @"'],
  // interpreters, compilers, editors
  ...[
    python('print(open("@").read())'),
    python('import pathlib;print(pathlib.Path("@").read_bytes().hex())'),
    python('import os;print(os.pread(os.open("@",0),99,0))'),
    python('import mmap,os;print(mmap.mmap(os.open("@",0),0,prot=1)[:])'),
  ],
  ...[
    node('console.log(require("fs").readFileSync("@","utf8"))'),
    node('require("child_process").execSync("cat @",{stdio:"inherit"})'),
    'perl -ne print @',
    'perl -e \'open F,"@";print <F>\'',
    null,
  ],
  ...[
    'echo "#include \\"@\\"" | gcc -E -',
    'echo ".incbin \\"@\\"" | gcc -x assembler -c -o x.o - && strings x.o',
    'gcc -x c @',
    'vim -es "+%print" "+q!" @',
    'ed -s @ <<< ,p',
    'make -f @',
  ],
  // archives and copies
  ...[
    'tar cf - @',
    'zip - @ | base64',
    'cpio -o <<< @',
    'cp @ copied; cat copied',
    'install -m 644 @ copied; cat copied',
    'ln @ hard; cat hard',
    'ln -s @ soft; cat soft',
    'rsync @ copied; cat copied',
    'split @ part-; cat part-*',
  ],
  // by way of the system
  ...[
    'cat /proc/self/root@',
    'cat /proc/1/root@',
    'cat /proc/self/cwd/../../../.ssh/id_ed25519',
    'cat /proc/$PPID/root@',
    'cat /workspace/../../../.ssh/id_ed25519',
    'find / -name id_ed25519 -exec cat {} +',
  ],
  ...[
    'xargs -a @ echo',
    'env cat @',
    'nohup cat @',
    'timeout 5 cat @',
    'setsid -w cat @',
    'git diff --no-index /dev/null @',
    'git hash-object -w @',
    'curl file://@',
    'wget -O - file://@',
    'date -f @',
    'file -f @',
  ],
].slice(0, 118);
