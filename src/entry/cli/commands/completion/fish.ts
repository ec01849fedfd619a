import type { CompletionTable, Flag, Word } from './table.ts'

/** A script for fish, for its completions folder as `doorward.fish`, or to be sourced. */
export function fishCompletion({ commands, everywhere, valued }: CompletionTable): string {
  const paths = commands.filter(({ path }) => path !== '').map(({ path }) => quoted(path))
  return `# Completion of doorward for fish. Keep it: doorward completion fish > ~/.config/fish/completions/doorward.fish
function __doorward_at
    set -l at
    set -l flag
    for word in (commandline -opc)[2..]
        if test -n "$flag"
            set flag
            continue
        end
        switch $word
            case ${valued.join(' ')}
                set flag $word
            case '-*'
            case '*'
                set -l deeper (string trim "$at $word")
                contains -- $deeper ${paths.join(' ')}
                and set at $deeper
        end
    end
    test "$at" = "$argv"
end
complete -c doorward -f
${everywhere.map((flag) => flagLine('', flag)).join('')}${commands
    .map(({ path, words, flags }) => {
      const here = ` -n ${quoted(`__doorward_at ${path}`.trim())}`
      return words.map((word) => wordLine(here, word)).join('') + flags.map((flag) => flagLine(here, flag)).join('')
    })
    .join('')}`
}

function wordLine(here: string, { word, about }: Word): string {
  return `complete -c doorward${here} -a ${quoted(word)} -d ${quoted(about)}\n`
}

function flagLine(here: string, { word, about, value }: Flag): string {
  const takes = { none: '', file: ' -r -F', other: ' -x' }
  const wants = typeof value === 'string' ? takes[value] : ` -x -a ${quoted(value.join(' '))}`
  return `complete -c doorward${here} -l ${word.replace(/^--/, '')}${wants} -d ${quoted(about)}\n`
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`
}
