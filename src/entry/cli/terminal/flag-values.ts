import { configFlags } from '../../../foundation/platform/config/manual.ts'
import { CliFailure } from './failure.ts'

const ALONE = new Set(configFlags().flatMap(({ flag, alone }) => (alone ? [flag] : [])))

/**
 * The words of a command line with `--docs=false` replaced by `--no-docs`: docs/configuration.md says that such a setting takes `true` or
 * `false`, but its flag takes no value.
 */
export function withoutFlagValues(argv: readonly string[]): string[] {
  return argv.map((word, index) => {
    const [flag = '', value] = word.split(/=(.*)/s)
    if (!ALONE.has(flag)) return word
    if (value === undefined && !/^(true|false)$/i.test(argv[index + 1] ?? '')) return word
    if (value?.toLowerCase() === 'true') return flag
    if (value?.toLowerCase() === 'false') return flag.replace('--', '--no-')
    throw CliFailure.usage(`Write ${flag}, ${flag}=true or ${flag}=false`)
  })
}
