def softmax(logits):
    powers = numpy.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def reliability(probabilities, labels, bins=10):
    """Mean confidence and accuracy in each of `bins` groups of equally many images, least confident first."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    groups = numpy.array_split(confidence.argsort(kind="stable"), bins)
    return [float(confidence[group].mean()) for group in groups], [float(right[group].mean()) for group in groups]


def calibration_error(probabilities, labels):
    """Expected calibration error: the mean gap between confidence and accuracy over groups of equally many images."""
    confidence, right = reliability(probabilities, labels)
    return float(numpy.mean([abs(sure - share) for sure, share in zip(confidence, right, strict=True)]))
