import type { CompletionTable, Flag } from './table.ts'

/** A script for bash 3.2 and newer. Bash splits `--flag=value` into three words, of which the second is `=`. */
export function bashCompletion({ commands, everywhere, valued }: CompletionTable): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => `"${path}"`)
  return `# Completion of doorward for bash. Load it in ~/.bashrc: source <(doorward completion bash)
_doorward() {
  local cur=\${COMP_WORDS[COMP_CWORD]} at= flag= words= i word
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $flag ]]; then
      [[ $word == "=" ]] || flag=
      continue
    fi
    case $word in
      ${valued.join('|')}) flag=$word ;;
      -*) ;;
      *)
        case "\${at:+$at }$word" in
          ${paths.join('|')}) at="\${at:+$at }$word" ;;
        esac
        ;;
    esac
  done
  [[ $cur != "=" ]] || cur=
  COMPREPLY=()
  if [[ -n $flag ]]; then
    case "\${at:+$at }$flag" in
${commands.flatMap(({ path, flags }) => flags.map((flag) => bashValues(path, flag))).join('')}${everywhere.map((flag) => bashValues('', flag)).join('')}    esac
  elif [[ $cur == -* ]]; then
    words="${wordList(everywhere)}"
    case $at in
${commands.map(({ path, flags }) => (flags.length === 0 ? '' : `      "${path}") words+=" ${wordList(flags)}" ;;\n`)).join('')}    esac
  else
    case $at in
${commands.map(({ path, words }) => (words.length === 0 ? '' : `      "${path}") words="${wordList(words)}" ;;\n`)).join('')}    esac
  fi
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <(compgen -W "$words" -- "$cur")
}

_doorward_files() {
  compopt -o filenames 2>/dev/null
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <(compgen -f -- "$cur")
}

complete -F _doorward doorward
`
}

function wordList(words: readonly { readonly word: string }[]): string {
  return words.map(({ word }) => word).join(' ')
}

/** The values that may follow a flag: of one command, or of every command if the path is empty. */
function bashValues(path: string, { word, value }: Flag): string {
  if (value === 'none' || value === 'other') return ''
  const pattern = path === '' ? `*${word}` : `"${path} ${word}"`
  return `      ${pattern}) ${value === 'file' ? '_doorward_files' : `words="${value.join(' ')}"`} ;;\n`
}
