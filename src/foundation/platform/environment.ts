/** The process's environment: the one place that reads it, so that everything else can be given another. */
export type Environment = Readonly<Record<string, string | undefined>>

export function environment(): Environment {
  return process.env
}
