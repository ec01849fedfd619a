-- Asks Doorward about a request of a protected host, for haproxy.cfg beside this file. Sets the variable txn.doorward to the status of the answer, 0
-- if there was none, and gives the request the headers that say who sent it.
local VERIFY = "http://127.0.0.1:8000/auth/verify?answer=status"

-- What Doorward reads of a request.
local READ = {
  "accept", "accept-language", "access-control-request-method", "authorization", "cookie", "origin", "sec-fetch-dest", "sec-fetch-mode",
  "sec-fetch-site", "user-agent", "x-forwarded-for", "x-forwarded-host", "x-forwarded-method", "x-forwarded-proto", "x-forwarded-uri",
}

local IDENTITY = { "Remote-User", "Remote-Subject", "Remote-Name", "Remote-Email", "Remote-Groups" }

core.register_action("doorward", { "http-req" }, function(txn)
  local sent = txn.http:req_get_headers()
  local headers = {}
  for _, name in ipairs(READ) do
    -- The values of a header of a request are counted from 0, those of a header that is sent from 1.
    for index = 0, #(sent[name] or {}) do
      local value = (sent[name] or {})[index]
      if value then
        headers[name] = headers[name] or {}
        table.insert(headers[name], value)
      end
    end
  end
  local answer = core.httpclient():get({ url = VERIFY, headers = headers, timeout = 5000 })
  txn:set_var("txn.doorward", answer and answer.status or 0)
  if not answer or answer.status ~= 204 then return end
  for _, name in ipairs(IDENTITY) do
    local values = answer.headers[name:lower()] or {}
    txn.http:req_set_header(name, values[0] or values[1] or "")
  end
end)
