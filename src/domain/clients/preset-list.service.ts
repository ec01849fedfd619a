import { projectPath } from '#foundation/platform/project.ts'
import { readPresets } from './preset-reader.service.ts'
import type { Preset } from './preset.ts'

/** All presets. The build replaces this module by one with the list itself, so that the server reads no file (`scripts/build/presets.ts`). */
export const PRESETS: readonly Preset[] = readPresets(projectPath('presets'))
