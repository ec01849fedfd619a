import type { ProblemBody } from '../web/problem.ts'

export const INTERNAL = {
  code: 'internal',
  title: 'Something went wrong here',
  detail: 'This is a fault of the server. It was noted under the id of this request.',
} as const

/** What a client hears of a mistake of ours: that it was one, and nothing of what it was. */
export function internalProblem(publicUrl: string, instance: string): ProblemBody {
  return {
    type: `${publicUrl}/problems/internal`,
    title: INTERNAL.title,
    status: 500,
    detail: INTERNAL.detail,
    instance,
    code: INTERNAL.code,
  }
}
