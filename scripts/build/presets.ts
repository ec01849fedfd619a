// The presets of apps in the build: a module with the list that the sources read from presets/, so that a built server reads and checks none
// of these files.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const MODULE = 'src/domain/clients/preset-list.service.ts'

/** A plugin of the bundler. A preset with a fault stops the build with an error that names its file, line and field. */
export function presetList(root: string) {
  const path = join(root, MODULE)
  return {
    name: 'preset-list',
    load: {
      filter: { id: path },
      async handler() {
        const { PRESETS } = (await import(pathToFileURL(path).href)) as { readonly PRESETS: unknown }
        return { code: `export const PRESETS = ${JSON.stringify(PRESETS)}`, moduleType: 'js' as const }
      },
    },
  }
}
