// The page of a locked browser goes on once another tab has opened Haru: the server then leads to the diary. It asks when
// the person comes back to this tab, and not while they type.

document.addEventListener("visibilitychange", () => {
  const isTyping = [...document.querySelectorAll("input:not([type=hidden])")].some(field => field.value)
  if (!document.hidden && !isTyping) location.replace(location.href)
})
