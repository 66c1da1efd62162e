// Behaviour of every page. Pages work without it: forms post, links lead on.
import 'htmx.org';

import { keepClocks } from './js/clocks.js';
import { guardForms } from './js/forms.js';
import { closeMenus } from './js/menus.js';
import { previewPhotos } from './js/photos.js';
import { printOnDemand } from './js/print.js';
import { watchPulse } from './js/pulse.js';
import { sendTokens, tellRefusals } from './js/requests.js';
import { showToasts } from './js/toasts.js';
import { editUnits } from './js/units.js';

sendTokens();
tellRefusals();
keepClocks();
guardForms();
closeMenus();
previewPhotos();
editUnits();
showToasts();
printOnDemand();
watchPulse();
