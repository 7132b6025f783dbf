"""MATLAB files as scipy writes them (scipy 1.10): writes mat.json."""
import base64, io, json
import numpy as np, scipy.io as sio, scipy.sparse as sp
d=dict(x=np.arange(24.).reshape(2,3,4), row=np.array([[1,2,3]],dtype=np.uint8), flag=np.array([[True,False]]), big=np.array([[2**40]],dtype=np.int64), s=np.array([[1.5,-2]],dtype=np.float32),
 name='hello é', words=np.array(['ab','cde']), c=np.array([[1.0,'two'],[np.arange(3.),np.zeros((0,0))]],dtype=object), st={'a':np.array([[1.,2],[3,4]]),'b':'text','c':{'deep':7.0}}, sparse=sp.csc_matrix(np.array([[0,2.,0],[0,0,-1]])), empty=np.zeros((0,3)), z=np.array([[1+2j]]))
out={}
for comp in (False,True):
    f=io.BytesIO(); sio.savemat(f,d,do_compression=comp,oned_as='row'); out['compressed' if comp else 'plain']=base64.b64encode(f.getvalue()).decode()
json.dump(out,open('mat.json','w'))
