"""How a deployment of Airflow is set up: YAML profiles and their loader."""

from profiles.errors import ProfileError
from profiles.loading import load
from profiles.model import Cors, Profile, User
from profiles.sources import names

__all__ = ["Cors", "Profile", "ProfileError", "User", "load", "names"]
