# The tutorial's app. Its routes are its own; who signs in, and with what, is Doorward's business.
import os
from typing import Annotated, Optional

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from pydantic import BaseModel

from doorward import Doorward, User

doorward = Doorward(os.environ.get("DOORWARD", "http://localhost:8000"), sessions=True)
SignedIn = Annotated[User, Depends(doorward.signed_in)]
Admin = Annotated[User, Depends(doorward.has_role("admin"))]

app = FastAPI()


@app.post("/token")
def sign_in(request: Request, form: Annotated[OAuth2PasswordRequestForm, Depends()]):
    return doorward.sign_in(form.username, form.password, client=request.client and request.client.host)


class Record(BaseModel):
    username: str
    email: Optional[str] = None
    full_name: Optional[str] = None


class OwnRecord(Record):
    password: str


class NewUser(OwnRecord):
    role: str = "user"


class KnownUser(Record):
    id: int
    disabled: bool


# Only for /docs, where it shows the button to sign in.
users = APIRouter(prefix="/users", dependencies=[Depends(OAuth2PasswordBearer("token", auto_error=False))])


@users.get("/me/", response_model=KnownUser)
async def own_record(user: SignedIn):
    return user.claims


@users.put("/me/")
def change_own_record(record: OwnRecord, user: SignedIn):
    return doorward.call("PUT", "/users/me/", user, record.model_dump())


@users.get("/{user_id}", response_model=KnownUser)
def show_user(user_id: int, admin: Admin):
    return doorward.call("GET", f"/users/{user_id}", admin)


@users.post("/")
def create_user(record: NewUser, admin: Admin):
    return doorward.call("POST", "/users/", admin, record.model_dump())


app.include_router(users)
