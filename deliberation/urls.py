urlpatterns = []
app_name = "deliberation"
