import type { Config } from '../../../foundation/platform/config/types.ts'
import type { Html } from '../../../foundation/web/html.ts'
import type { MomentReader } from '../../../foundation/web/components/moments.ts'

/** What the sections of the security page need to show it to its user. */
export interface SecurityReader extends MomentReader {
  readonly config: Pick<Config, 'publicUrl'>
  readonly formToken: Html
}
