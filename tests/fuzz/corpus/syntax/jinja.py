{% if x %}
import {{ mod }}
{% endif %}
