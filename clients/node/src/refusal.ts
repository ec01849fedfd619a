import type { CodeOf, OperationId } from './operation-types.ts'
import type { components } from './schema.d.ts'

/** A problem document (RFC 9457). */
export type Problem = components['schemas']['Problem']

/** The server refused a request, and says by `code` why. */
export class Refusal<Code extends string = string> extends Error {
  override readonly name = 'Refusal'
  readonly operation: OperationId
  readonly status: number
  readonly code: Code
  readonly problem: Problem
  /** Seconds to wait before the next try, if the server said so. */
  readonly retryAfter: number | undefined

  constructor(
    operation: OperationId,
    problem: Problem & { readonly code: Code },
    { status, retryAfter }: { readonly status: number; readonly retryAfter: number | undefined },
  ) {
    super(`${operation}: ${problem.detail ?? status} (${problem.code})`)
    this.operation = operation
    this.status = status
    this.code = problem.code
    this.problem = problem
    this.retryAfter = retryAfter
  }
}

/** Whether an error is a refusal of this operation; its `code` then has the type of the operation's codes. */
export function isRefusal<Id extends OperationId>(error: unknown, operation: Id): error is Refusal<CodeOf<Id>> {
  return error instanceof Refusal && error.operation === operation
}

/** An answer that is none of Doorward's, such as that of a proxy whose server is away. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer'
  readonly operation: OperationId
  readonly status: number

  constructor(operation: OperationId, status: number) {
    super(`${operation}: the answer has status ${status} and is not from Doorward`)
    this.operation = operation
    this.status = status
  }
}
