// The HTTP API of a Doorward server, typed. docs/api.md shows how to use it.
export { createDoorward, type Doorward, type DoorwardOptions } from './client.ts'
export { everyItem } from './every-item.ts'
export { etagOf, waits } from './answer.ts'
export { isRefusal, type Problem, Refusal, UnexpectedAnswer } from './refusal.ts'
export type { AnswerOf, Approval, CodeOf, OperationId, RequestOf } from './operation-types.ts'
export type { components, operations } from './schema.d.ts'
