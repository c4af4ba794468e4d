// Progressive enhancement only: every page works without this file.
import { initAll } from './vendor/nhsuk/nhsuk-frontend-10.6.1.min.js'

initAll()

// Long lists of checkboxes: a box above the groups narrows them while typing.
for (const fieldset of document.querySelectorAll('fieldset')) {
  const groups = [...fieldset.querySelectorAll('details.app-choice-group')]
  if (groups.length) addNarrowing(fieldset, groups)
}

// On a small screen the results come below the filters: fold away those not in use.
if (window.matchMedia('(max-width: 40em)').matches) {
  for (const group of document.querySelectorAll('.app-filter details')) {
    group.open = group.querySelector('input:checked') !== null
  }
}

function addNarrowing (fieldset, groups) {
  const id = `${fieldset.querySelector('input').id}-narrow`
  const label = document.createElement('label')
  label.className = 'nhsuk-label'
  label.htmlFor = id
  label.textContent = 'Show only options that contain'
  const input = document.createElement('input')
  input.className = 'nhsuk-input nhsuk-input--width-20'
  input.id = id
  input.type = 'search'
  input.autocomplete = 'off'
  const status = document.createElement('p')
  status.className = 'nhsuk-u-visually-hidden'
  status.setAttribute('role', 'status')
  const box = document.createElement('div')
  box.className = 'nhsuk-form-group app-narrow'
  box.append(label, input, status)
  groups[0].before(box)
  input.addEventListener('input', () => { status.textContent = narrow(groups, input.value) })
  input.addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault() })
}

function narrow (groups, typed) {
  const wanted = typed.trim().toLowerCase()
  let shown = 0
  for (const group of groups) {
    const name = group.querySelector('summary').textContent.toLowerCase()
    let any = false
    for (const item of group.querySelectorAll('.nhsuk-checkboxes__item')) {
      const fits = !wanted || name.includes(wanted) || item.textContent.toLowerCase().includes(wanted)
      item.hidden = !fits
      any = any || fits
      shown += fits ? 1 : 0
    }
    group.hidden = !any
    if (wanted) group.open = any
  }
  return wanted ? `${shown} options shown` : ''
}
