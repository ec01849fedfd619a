/** The variables of the process by name. Only this file reads `process.env`, so that a test can pass other variables. */
export type Environment = Readonly<Record<string, string | undefined>>

export function environment(): Environment {
  return process.env
}
