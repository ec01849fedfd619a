// The HTTP API of a Doorward server, typed, and who sends a request. docs/api.md shows how to use it.
export { etagOf, waits } from './answer.ts'
export { AccessError, type Assurance, type Caller, type Demands } from './caller.ts'
export { createDoorward, type Doorward, type DoorwardOptions } from './client.ts'
export { everyItem } from './every-item.ts'
export { type CallerOptions, type CallerSource, expressCaller, fastifyCaller, withCaller } from './middleware.ts'
export type { AnswerOf, Approval, CodeOf, OperationId, RequestOf } from './operation-types.ts'
export { isRefusal, type Problem, Refusal, UnexpectedAnswer } from './refusal.ts'
export {
  type Connected,
  type RemoteDemands,
  type RemoteUser,
  remoteUsers,
  type RemoteUsers,
  type RemoteUsersOptions,
} from './remote-user.ts'
export type { components, operations } from './schema.d.ts'
export { type Verifier, verifier, type VerifierOptions } from './verifier.ts'
