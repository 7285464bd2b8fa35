class Network:
    """A layer of rectified units and a softmax, trained by gradient descent with momentum."""

    def __init__(self, inputs, hidden, classes, rng):
        first = rng.normal(0, numpy.sqrt(2 / inputs), (inputs, hidden))
        second = rng.normal(0, numpy.sqrt(1 / hidden), (hidden, classes))
        start = [first, numpy.zeros(hidden), second, numpy.zeros(classes)]
        self.weights = [array.astype(numpy.float32) for array in start]
        self.velocity = [numpy.zeros_like(array) for array in self.weights]

    def logits(self, images):
        first, first_bias, second, second_bias = self.weights
        return numpy.maximum(images @ first + first_bias, 0) @ second + second_bias

    def step(self, images, targets, learning_rate, weight_decay):
        """One step down the cross-entropy with `targets`, which may be soft labels of shape (n, classes)."""
        first, first_bias, second, second_bias = self.weights
        hidden = numpy.maximum(images @ first + first_bias, 0)
        error = (softmax(hidden @ second + second_bias) - targets) / len(images)
        back = (error @ second.T) * (hidden > 0)
        gradients = [images.T @ back, back.sum(0), hidden.T @ error, error.sum(0)]
        for weight, velocity, gradient in zip(self.weights, self.velocity, gradients, strict=True):
            velocity *= 0.9
            velocity -= learning_rate * (gradient + weight_decay * weight)
            weight += velocity


def softmax(logits):
    powers = numpy.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
