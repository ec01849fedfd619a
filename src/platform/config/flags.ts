import { flag } from './parse.ts'
import { flagOf } from './setting.ts'
import { SETTING_NAMES, settingOf } from './settings.ts'

/** A flag of the command line that sets something. */
export interface ConfigFlag {
  /** Such as `--public-url`. */
  readonly flag: string
  /** Whether it stands alone, meaning `true`. */
  readonly alone: boolean
  readonly sentence: string
}

/** Every flag that sets something, for the command line to declare. */
export function configFlags(): ConfigFlag[] {
  return SETTING_NAMES.flatMap((name) => {
    const { sentence, kind, secret, neverFlag } = settingOf(name)
    const own = { flag: flagOf(name), alone: kind === flag, sentence }
    const file = { flag: `${flagOf(name)}-file`, alone: false, sentence: `The file that holds ${name}.` }
    return [...(neverFlag ? [] : [own]), ...(secret ? [file] : [])]
  })
}
