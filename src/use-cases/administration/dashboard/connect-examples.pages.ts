// Programs that ask whose token a request carries: the first thing that an app needs. `publicUrl` is a URL without quotes or spaces.
import { curlFor } from '#foundation/web/components/api-equivalent.ts'

export interface Example {
  readonly id: string
  /** The name of the program or language. */
  readonly name: string
  readonly code: string
}

/** Returns the same question in three languages; each works with an API token as well as with the token of a session. */
export function connectExamples(publicUrl: string): Example[] {
  return [
    { id: 'curl', name: 'curl', code: curlFor(publicUrl, { method: 'GET', path: '/users/me' }) },
    { id: 'javascript', name: 'JavaScript', code: javaScript(publicUrl) },
    { id: 'fastapi', name: 'FastAPI', code: fastApi(publicUrl) },
  ]
}

function javaScript(publicUrl: string): string {
  return `export async function userOf(request) {
  const authorization = request.headers.get('authorization')
  if (!authorization) return undefined
  const answer = await fetch('${publicUrl}/users/me', { headers: { authorization } })
  if (answer.status === 401) return undefined
  if (!answer.ok) throw new Error(\`Doorward answered \${answer.status}\`)
  return answer.json()
}`
}

function fastApi(publicUrl: string): string {
  return `import httpx
from fastapi import Depends, FastAPI, Header, HTTPException

app = FastAPI()

async def current_user(authorization: str = Header("")):
    async with httpx.AsyncClient() as doorward:
        answer = await doorward.get(
            "${publicUrl}/users/me", headers={"Authorization": authorization}
        )
    if answer.status_code == 401:
        raise HTTPException(401)
    return answer.raise_for_status().json()

@app.get("/hello")
async def hello(user=Depends(current_user)):
    return f"Hello {user['username']}"`
}
