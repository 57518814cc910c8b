"""Recognisers of personal data, and the detector that runs them."""

from shared.privacy.detection.detector import RECOGNISERS, Detector, create_detector
from shared.privacy.detection.spans import NOBODY, Kind, Known, Recogniser, Span, resolve

__all__ = ["NOBODY", "RECOGNISERS", "Detector", "Kind", "Known", "Recogniser", "Span", "create_detector", "resolve"]
