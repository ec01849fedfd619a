// What an operation of the OpenAPI document takes and answers, by its operation id.
import type { OPERATIONS } from './operations.ts'
import type { components, operations } from './schema.d.ts'

/** As in the OpenAPI document: `showUser`, `createUser` and so on. */
export type OperationId = keyof typeof OPERATIONS & keyof operations

/** A change that waits for a second admin (answers of 202). */
export type Approval = components['schemas']['Approval']

type Parameters<Operation> = Operation extends {
  readonly parameters: { readonly path?: infer Path; readonly query?: infer Query }
}
  ? NonNullable<Path> & NonNullable<Query>
  : unknown

type Sent<Content> = Content extends { readonly 'application/json': infer Json }
  ? Json
  : Content extends { readonly 'application/x-www-form-urlencoded': infer Form }
    ? Form
    : Blob

type Body<Operation> = Operation extends { readonly requestBody: { readonly content: infer Content } }
  ? { readonly body: Sent<Content> }
  : Operation extends { readonly requestBody?: { readonly content: infer Content } }
    ? { readonly body?: Sent<Content> }
    : unknown

type Match<Operation> = Operation extends {
  readonly parameters: { readonly header?: { readonly 'If-Match'?: string } }
}
  ? {
      /** What was read before and must be unchanged: an answer with an entity tag, or the tag itself. */
      readonly ifMatch?: object | string
    }
  : unknown

/** What an operation is called with: its parameters of path and query, its body, and `signal`, which gives up. */
export type RequestOf<Id extends OperationId> = Parameters<operations[Id]> &
  Body<operations[Id]> &
  Match<operations[Id]> & { readonly signal?: AbortSignal }

type Received<Response> = Response extends { readonly content: infer Content }
  ? Content extends { readonly 'application/json': infer Json }
    ? Json
    : Uint8Array
  : undefined

type Responses<Id extends OperationId> = operations[Id]['responses']

/**
 * What a successful call returns: parsed JSON, the bytes of an image, or undefined. With the two-person rule in force, an operation that it covers
 * returns the approval that waits; `waits` says so.
 */
export type AnswerOf<Id extends OperationId> = {
  [Status in keyof Responses<Id> & (200 | 201 | 202 | 204)]: Received<Responses<Id>[Status]>
}[keyof Responses<Id> & (200 | 201 | 202 | 204)]

type Problems<Id extends OperationId> = {
  [Status in keyof Responses<Id>]: Responses<Id>[Status] extends {
    readonly content: { readonly 'application/problem+json': infer Found }
  }
    ? Found
    : never
}[keyof Responses<Id>]

/** The error codes that the document lists for an operation. A newer server may have others: take those for their status. */
export type CodeOf<Id extends OperationId> = Problems<Id> extends { readonly code: infer Code } ? Code & string : never
