"""Models saved by Keras itself, and what they answer: the fixtures that imports are tested with.

pip install tensorflow-cpu h5py; python bench/support/keras_models.py src/server/transfer/import/fixtures (written with Keras 3.15.1)
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras import layers as L

keras.utils.set_random_seed(3)
rng = np.random.default_rng(5)


def sequential():
    return keras.Sequential([
        keras.Input((8, 8, 1)), L.Rescaling(1 / 255),
        L.Conv2D(3, 3, padding="same", activation="relu", name="Conv-1"),
        L.BatchNormalization(), L.MaxPooling2D(), L.Dropout(0.2),
        L.SeparableConv2D(4, 2, activation="gelu"), L.AveragePooling2D(2, strides=1, padding="same"),
        L.Flatten(), L.Dense(5, activation="elu", use_bias=False), L.LayerNormalization(), L.Dense(3, activation="softmax"),
    ])


def graph():
    image = keras.Input((8, 8, 3))
    stem = L.Conv2D(4, 3, strides=2, padding="same", name="stem")(image)
    side = L.BatchNormalization(scale=False)(L.DepthwiseConv2D(3, padding="same", activation="swish")(stem))
    joined = L.ReLU()(L.Add()([stem, side]))
    moved = L.Cropping2D(((1, 0), (0, 1)))(L.ZeroPadding2D(((0, 1), (1, 0)))(joined))
    both = L.Concatenate()([joined, moved])
    grown = L.UpSampling2D(2)(L.Conv2DTranspose(2, 3, strides=2, padding="same", activation="tanh")(both))
    pooled = L.Concatenate()([L.GlobalMaxPooling2D()(grown), L.GlobalAveragePooling2D()(both)])
    return keras.Model(image, L.Activation("sigmoid")(L.Dense(2)(pooled)))


def main(folder):
    for name, model in (("sequential", sequential()), ("graph", graph())):
        for layer in model.layers:
            if isinstance(layer, L.BatchNormalization):
                settled = [w + 0.3 * np.abs(rng.standard_normal(w.shape)).astype("float32") for w in layer.get_weights()]
                layer.set_weights(settled)
        x = rng.integers(0, 256, (4, *model.input_shape[1:])).astype("uint8")
        # The first scales by itself, the second is fed as images are here.
        y = model.predict(x.astype("float32") / (1 if name == "sequential" else 255), verbose=0)
        model.save(os.path.join(folder, f"{name}.keras"))
        if name == "graph":
            model.save(os.path.join(folder, f"{name}.h5"))
        with open(os.path.join(folder, f"{name}.json"), "w") as file:
            json.dump({"x": x.reshape(-1).tolist(), "y": y.reshape(-1).astype(float).tolist()}, file)


main(sys.argv[1])
