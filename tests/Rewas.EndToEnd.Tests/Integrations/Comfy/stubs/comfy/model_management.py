from . import utils

interrupt_at = None                                                          # the progress at which the user cancels


class InterruptProcessingException(BaseException):
    pass


def throw_exception_if_processing_interrupted():
    global interrupt_at
    if interrupt_at is not None and utils.steps and utils.steps[-1] >= interrupt_at:
        interrupt_at = None                                                  # ComfyUI throws once
        raise InterruptProcessingException()
