export const REFUSALS_PATH = '/admin/refusals'

/** The page that explains the refusal with this reference. */
export function refusalPath(id: string): string {
  return `${REFUSALS_PATH}/${encodeURIComponent(id)}`
}
