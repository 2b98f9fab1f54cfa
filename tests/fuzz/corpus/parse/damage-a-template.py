{% if a %}
import {{ b }}
{% endif %}
c
