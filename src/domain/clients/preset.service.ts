import type { Preset } from './preset.ts'

/** Returns the presets in their order. The list is loaded when it is first needed, so that a server on which no app is registered never has it. */
export async function listPresets(): Promise<readonly Preset[]> {
  return (await import('./preset-list.service.ts')).PRESETS
}

export async function findPreset(name: string | undefined): Promise<Preset | undefined> {
  return name === undefined ? undefined : (await listPresets()).find((preset) => preset.name === name)
}
