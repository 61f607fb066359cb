-- Tells Argo CD how well an SmtpRelay or a NotificationPolicy is; argocd-cm.yaml has it for both. It needs none of Lua's
-- libraries beyond what Argo CD gives by default.

local health = {}

if obj.spec ~= nil and obj.spec.suspend == true then
  health.status = "Suspended"
  health.message = "Suspended (spec.suspend)"
  return health
end

health.status = "Progressing"
health.message = "Waiting for Relaykeeper to look at it"

if obj.status == nil or obj.status.conditions == nil then
  return health
end

-- A status about an earlier spec says nothing about this one.
if obj.status.observedGeneration ~= obj.metadata.generation then
  return health
end

local ready, reconciling, stalled
for _, condition in ipairs(obj.status.conditions) do
  if condition.type == "Ready" then
    ready = condition
  elseif condition.type == "Reconciling" and condition.status == "True" then
    reconciling = condition
  elseif condition.type == "Stalled" and condition.status == "True" then
    stalled = condition
  end
end

if reconciling ~= nil then
  health.message = reconciling.message
elseif stalled ~= nil then
  health.status = "Degraded"
  health.message = stalled.reason .. ": " .. stalled.message
elseif ready ~= nil and ready.status == "False" then
  health.status = "Degraded"
  health.message = ready.reason .. ": " .. ready.message
elseif ready ~= nil and ready.status == "True" then
  health.status = "Healthy"
  health.message = ready.message
end

return health
