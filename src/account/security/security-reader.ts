import type { Config } from '../../platform/config/types.ts'
import type { Html } from '../../web/html.ts'
import type { MomentReader } from '../../web/moments.ts'

/** What the sections of the security page need of whoever reads it. */
export interface SecurityReader extends MomentReader {
  readonly config: Pick<Config, 'publicUrl'>
  readonly formToken: Html
}
