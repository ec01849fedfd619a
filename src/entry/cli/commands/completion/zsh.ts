import type { CompletionTable, Flag, Word } from './table.ts'

/** A script for zsh, for a folder of `fpath` as `_doorward`, or to be sourced after `compinit`. */
export function zshCompletion({ commands, everywhere, valued }: CompletionTable): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => quoted(path))
  return `#compdef doorward
# Completion of doorward for zsh. Load it in ~/.zshrc, after compinit: source <(doorward completion zsh)
_doorward() {
  local at= flag= word i
  local -a choices
  for ((i = 2; i < CURRENT; i++)); do
    word=$words[i]
    if [[ -n $flag ]]; then
      flag=
      continue
    fi
    case $word in
      (${valued.join('|')}) flag=$word ;;
      (-*) ;;
      (*)
        case "\${at:+$at }$word" in
          (${paths.join('|')}) at="\${at:+$at }$word" ;;
        esac
        ;;
    esac
  done
  if [[ -n $flag ]]; then
    case "\${at:+$at }$flag" in
${commands.flatMap(({ path, flags }) => flags.map((flag) => zshValues(path, flag))).join('')}${everywhere.map((flag) => zshValues('', flag)).join('')}    esac
    return
  fi
  if [[ $PREFIX == -* ]]; then
    choices=(${described(everywhere)})
    case $at in
${commands.map(({ path, flags }) => (flags.length === 0 ? '' : `      (${quoted(path)}) choices+=(${described(flags)}) ;;\n`)).join('')}    esac
    _describe -o flag choices
  else
    case $at in
${commands.map(({ path, words }) => (words.length === 0 ? '' : `      (${quoted(path)}) choices=(${described(words)}) ;;\n`)).join('')}    esac
    _describe command choices
  fi
}
if [[ $funcstack[1] == _doorward ]]; then
  _doorward "$@"
else
  compdef _doorward doorward
fi
`
}

function described(words: readonly Word[]): string {
  return words.map(({ word, about }) => quoted(`${word}:${about}`)).join(' ')
}

/** The values that may follow a flag: of one command, or of every command if the path is empty. */
function zshValues(path: string, { word, value }: Flag): string {
  if (value === 'none' || value === 'other') return ''
  const pattern = path === '' ? `*${word}` : quoted(`${path} ${word}`)
  return `      (${pattern}) ${value === 'file' ? '_files' : `compadd -- ${value.join(' ')}`} ;;\n`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
