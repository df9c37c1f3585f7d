"""What keeps the eye from opening; each is a mistake of the installation."""

from relay.errors import FailedError


class EyeError(FailedError):
    """The eye cannot do its work; calls can go on without it."""

    code = "eye_failed"


class ModelMissingError(EyeError):
    """There is no hand model where the settings say."""

    code = "eye_model_missing"


class ModelWrongError(EyeError):
    """The hand model is not the one that was checked."""

    code = "eye_model_wrong"


class MediapipeReportsError(EyeError):
    """This MediaPipe tells a third party about its use."""

    code = "eye_mediapipe_reports"


class WorkerStartError(EyeError):
    """A worker process did not come up."""

    code = "eye_worker_start"
